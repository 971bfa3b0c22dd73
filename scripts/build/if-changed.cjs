const { execFileSync } = require("node:child_process");
const { dirname, join } = require("node:path");
const { isCurrent } = require("./stamps.cjs");

/** Root of the project. */
const root = dirname(dirname(__dirname));

/** Where a build of dist/ keeps what it was made of. */
const record = join(root, "dist", "build.json");

/** Builds dist/, unless it is made of the sources as they are now. @throws when they cannot be built: esbuild has said why */
function buildIfChanged() {
  if (isCurrent(root, record)) return;
  // Standard output is the program's that runs next.
  execFileSync(process.execPath, [join(root, "scripts", "build.mjs")], { stdio: ["ignore", 2, "inherit"] });
}

module.exports = { buildIfChanged, record, root };
