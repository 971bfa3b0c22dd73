import { exitCodes, usageError } from "../../errors";
import {
  allOption,
  databaseOptions,
  limitOptions,
  readOptions,
  runOptions,
  sourceOptions,
  targetOptions,
} from "../../settings";
import type { Command } from "./command";
import { runWith } from "./run-with";

const options = {
  ...sourceOptions,
  ...databaseOptions,
  ...runOptions,
  ...limitOptions,
  ...targetOptions,
  all: allOption,
};

/** Policies judge what `up` would apply; going down asks only whether the last migrations are here, unchanged. */
export const downPolicy = { ahead: "pass", outOfOrder: "refuse" } as const;

export const down: Command = {
  name: "down",
  about: "revert the migration that was applied last, or several; --to names the one to stay at",
  examples: [
    "schemagate down",
    "schemagate down --steps 2",
    "schemagate down --to 20260105091500",
    "schemagate down --all",
  ],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    const targets = [
      settings.to !== undefined && "--to",
      settings.steps !== undefined && "--steps",
      settings.all && "--all",
    ];
    if (targets.filter(Boolean).length > 1) {
      throw usageError({
        code: "two-targets",
        message: `${targets.filter(Boolean).join(" and ")} each say how far to go`,
        hint: "Give one of them.",
      });
    }
    await runWith("down", { ...settings, ...downPolicy }, context);
    return exitCodes.ok;
  },
};
