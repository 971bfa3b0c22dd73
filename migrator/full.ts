/** All of the migrator that a start with nothing to do never loads: a bundle of its own. */
export { prepareComparison } from "./commands/prepare-comparison";
export { prepareRun } from "./commands/prepare-run";
export { previewUp } from "./commands/preview-up";
export { runProgram } from "./program";
