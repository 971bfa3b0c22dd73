import { exitCodes } from "../../errors";
import { databaseOptions, planOptions, readOptions, scratchOptions, sourceOptions } from "../../settings";
import type { Command } from "./command";
import { loadDevelop } from "./load-develop";

const options = { ...sourceOptions, ...databaseOptions, ...scratchOptions, ...planOptions };

export const plan: Command = {
  name: "plan",
  about: "tell what the pending migrations will do: SQL, locks and rewrites seen on a scratch database, lint, proof",
  examples: [
    "schemagate plan",
    "schemagate plan --base origin/main --format markdown",
    "schemagate plan --format json",
  ],
  options,
  run: async (given, context) => {
    const { output } = context;
    const settings = readOptions(options, given, context.env);
    const { describePullRequest, planPullRequest } = await loadDevelop();
    const format = settings.format ?? (output.json ? "json" : "words");
    if (format === "markdown" || (format === "json" && !output.json)) {
      output.announceDocument();
    }
    const planned = await planPullRequest(settings, context);
    output.text(describePullRequest(planned, format, output.style, output.namedTarget));
    return exitCodes.ok;
  },
};
