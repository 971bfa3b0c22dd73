import { exitCodes } from "../../errors";
import { databaseOptions, limitOptions, readOptions, runOptions, sourceOptions, targetOptions } from "../../settings";
import type { Command } from "./command";
import { downPolicy } from "./down";
import { runWith } from "./run-with";

const options = {
  ...sourceOptions,
  ...databaseOptions,
  ...runOptions,
  ...limitOptions,
  steps: targetOptions.steps,
};

export const redo: Command = {
  name: "redo",
  about: "revert the migration that was applied last, and apply it again",
  examples: ["schemagate redo", "schemagate redo --steps 2"],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    await runWith("redo", { ...settings, ...downPolicy }, context);
    return exitCodes.ok;
  },
};
