import type { prepareComparison } from "./commands/prepare-comparison";
import type { prepareRun } from "./commands/prepare-run";
import type { previewUp } from "./commands/preview-up";
import type { runProgram } from "./program";

/**
 * All of the migrator that a start with nothing to do never loads: a bundle of its own. Who needs one part of it does not
 * wait for the others: each is evaluated when it is asked for.
 */
export const full = {
  prepareComparison: async (...args: Parameters<typeof prepareComparison>) =>
    (await import("./commands/prepare-comparison")).prepareComparison(...args),
  prepareRun: async (...args: Parameters<typeof prepareRun>) =>
    (await import("./commands/prepare-run")).prepareRun(...args),
  previewUp: async (...args: Parameters<typeof previewUp>) =>
    (await import("./commands/preview-up")).previewUp(...args),
  runProgram: async (...args: Parameters<typeof runProgram>) => (await import("./program")).runProgram(...args),
};
