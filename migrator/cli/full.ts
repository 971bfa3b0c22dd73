/**
 * All of the migrator that a start with nothing to do never loads, as one bundle: the build puts it in the place of each of
 * these files where one is imported at run time. Who needs one part of it does not wait for the others: each is evaluated
 * when it is asked for.
 */
export const nearMisses = async (...args: Parameters<typeof import("../settings/near-misses").nearMisses>) =>
  (await import("../settings/near-misses")).nearMisses(...args);

export const prepareComparison = async (
  ...args: Parameters<typeof import("./commands/prepare-comparison").prepareComparison>
) => (await import("./commands/prepare-comparison")).prepareComparison(...args);

export const prepareRun = async (...args: Parameters<typeof import("./commands/prepare-run").prepareRun>) =>
  (await import("./commands/prepare-run")).prepareRun(...args);

export const previewUp = async (...args: Parameters<typeof import("./commands/preview-up").previewUp>) =>
  (await import("./commands/preview-up")).previewUp(...args);

export const runProgram = async (...args: Parameters<typeof import("./program").runProgram>) =>
  (await import("./program")).runProgram(...args);
