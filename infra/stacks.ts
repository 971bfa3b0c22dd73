/** The stacks as they stand in this repository, for projects that want all of them. */
export { type ComposedApp, type ComposeOptions, composeApp } from "./compose";
export { type EnvironmentSettings, type ResolvedSettings, resolveSettings } from "./environment-settings";
export { loadSettings, requireEnvironment } from "./environments";
export { ConfigurationError } from "./errors";
export { type RunStacksOptions, runStacks } from "./run-stacks";
export { AppStack, type AppStackProps } from "./stacks/app-stack";
export { JobsStack, type JobsStackProps } from "./stacks/jobs-stack";
export { PlatformStack, type PlatformStackProps } from "./stacks/platform-stack";
