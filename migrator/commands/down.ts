import { exitCodes } from "../errors";
import { migrateDown } from "../runner";
import { databaseOptions, readOptions, runOptions, sourceOptions } from "../settings";
import type { Command } from "./command";
import { runWith } from "./run-with";

const options = { ...sourceOptions, ...databaseOptions, ...runOptions };

export const down: Command = {
  name: "down",
  about: "revert the migration that was applied last",
  examples: ["schemagate down"],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    // Policies judge what `up` would apply; `down` asks only whether the last migration is here, unchanged.
    const policy = { ahead: "pass", outOfOrder: "refuse" } as const;
    await runWith("down", migrateDown, { ...settings, ...policy }, context);
    return exitCodes.ok;
  },
};
