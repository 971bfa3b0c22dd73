// Bundles are CommonJS, where import.meta does not exist; esbuild puts this in its place.
export const importMetaUrl = require("node:url").pathToFileURL(__filename).href;
