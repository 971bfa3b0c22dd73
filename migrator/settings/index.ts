export { adoptOptions } from "./adopt-options";
export { bootstrapOptions } from "./bootstrap-options";
export * from "./command-options";
export * from "./develop-options";
export * from "./generate-options";
export * from "./lint-options";
export * from "./models-options";
export { type Environment, type OptionSpec, type OptionValues, readOptions } from "./read-options";
export * from "./shared-options";
