import { exitCodes } from "../../errors";
import { count } from "../../events/words";
import { databaseOptions, driftOptions, readOptions, scratchOptions, sourceOptions } from "../../settings";
import type { Command } from "./command";
import { loadDevelop } from "./load-develop";

const options = { ...sourceOptions, ...databaseOptions, ...scratchOptions, ...driftOptions };

export const drift: Command = {
  name: "drift",
  about: "find what was changed by hand: compare the database with what its applied migrations make; only reads it",
  examples: [
    "schemagate drift",
    "schemagate drift --scratch-url postgres://me@localhost:5432/postgres",
    "schemagate drift --ignore-schema cron --ignore-schema audit",
  ],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    const { runDrift, describeDrift } = await loadDevelop();
    const { differences, migrations } = await runDrift(settings, context);
    const drifted = differences.length > 0;
    const facts = { event: "drift", drifted, migrations: migrations.length, differences };
    context.output.result(facts, (style) => {
      const lines = describeDrift(differences);
      // Lines that are indented go on with the one before them.
      const changes = lines.filter((line) => !line.startsWith(" ")).length;
      return [
        ...lines.map((line) => (line.startsWith(" ") ? line : `${style.red("changed by hand:")} ${line}`)),
        `${drifted ? count(changes, "change") : "no change"} by hand, compared with ${count(migrations.length, "applied migration")}`,
      ].join("\n");
    });
    return drifted ? exitCodes.notCurrent : exitCodes.ok;
  },
};
