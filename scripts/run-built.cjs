// node scripts/run-built.cjs [program [arguments]]: sees to a dist/ that is what the sources are now, then runs a program of
// the project in this process, so that its exit code, signals and terminal are its own.
const { runMain } = require("node:module");
const { resolve } = require("node:path");
const { buildIfChanged } = require("./build/if-changed.cjs");

try {
  buildIfChanged();
} catch (error) {
  process.exit(error.status ?? 1);
}
const [node, , program, ...programArguments] = process.argv;
if (program !== undefined) {
  process.argv = [node, resolve(program), ...programArguments];
  runMain();
}
