// Loaded with NODE_OPTIONS: makes this Node look like one for which node-pty ships no binary, as Node 24 is.
const { dirname, join } = require("node:path");

const main = require.resolve("@cdktf/node-pty-prebuilt-multiarch");
const id = join(dirname(main), "prebuild-file-path.js");
require.cache[id] = { id, filename: id, loaded: true, exports: { ptyPath: null } };
