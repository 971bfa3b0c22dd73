import { exitCodes } from "../errors";
import { migrateUp } from "../runner";
import { databaseOptions, policyOptions, readOptions, runOptions, sourceOptions } from "../settings";
import type { Command } from "./command";
import { runWith } from "./run-with";

const options = { ...sourceOptions, ...databaseOptions, ...runOptions, ...policyOptions };

export const up: Command = {
  name: "up",
  about: "apply all pending migrations (the default command)",
  examples: ["schemagate up", "schemagate up --database-url postgres://app@localhost/orders"],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    await runWith("up", migrateUp, settings, context);
    return exitCodes.ok;
  },
};
