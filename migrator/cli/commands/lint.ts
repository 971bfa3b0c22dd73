import { exitCodes } from "../../errors";
import { lintOptions, readOptions, sourceOptions } from "../../settings";
import { loadSource } from "../../source/load";
import type { Command } from "./command";
import { loadDevelop } from "./load-develop";

const options = { ...sourceOptions, ...lintOptions };

export const lint: Command = {
  name: "lint",
  about: "find what would hurt a database under traffic in the migrations; needs no database",
  examples: [
    "schemagate lint",
    "schemagate lint --base origin/main --format github",
    "schemagate lint create_invoices --strict",
    "schemagate lint --rules",
  ],
  arguments: [
    { syntax: "[names...]", about: "migrations: their names, or beginnings that only they have (default: all)" },
  ],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    const { output, signal, args } = context;
    const { describeLintRules, runLint } = await loadDevelop();
    const format = settings.format ?? (output.json ? "json" : "words");
    if (settings.rules) {
      output.text(describeLintRules(format, output.style));
      return exitCodes.ok;
    }
    const source = await loadSource(settings.dir);
    const { text, errors, warnings } = await runLint(source, {
      ...settings,
      format,
      names: args,
      style: output.style,
      signal,
    });
    if (text !== "") {
      output.text(text);
    }
    return errors > 0 || (settings.strict && warnings > 0) ? exitCodes.notCurrent : exitCodes.ok;
  },
};
