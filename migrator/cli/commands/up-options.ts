import { dryRunOption, fromOption, sqlOption } from "../../settings/command-options";
import type { OptionValues } from "../../settings/read-options";
import {
  databaseOptions,
  limitOptions,
  policyOptions,
  runOptions,
  sourceOptions,
  targetOptions,
} from "../../settings/shared-options";

/** Options of `up`: those of a run, and of a look at it. */
export const upOptions = {
  ...sourceOptions,
  ...databaseOptions,
  ...runOptions,
  ...limitOptions,
  ...policyOptions,
  ...targetOptions,
  dryRun: dryRunOption,
  sql: sqlOption,
  from: fromOption,
};

export type UpSettings = OptionValues<typeof upOptions>;
