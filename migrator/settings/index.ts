export { adoptOptions } from "./adopt-options";
export { bootstrapOptions } from "./bootstrap-options";
export * from "./command-options";
export { type Environment, type OptionSpec, type OptionValues, readOptions } from "./read-options";
export * from "./shared-options";
