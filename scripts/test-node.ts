// Runs the tests that know Node, and the README's commands, on another version of it: `npm run test:node -- 24 [options of
// Jest]`. Node is installed once, under .data/node-<version>.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { installProgram } from "./install-beside";

const root = join(__dirname, "..");

/** By major version; 24 is the image's. */
const versions: Readonly<Record<string, string>> = { 22: "22.23.5", 24: "24.21.0", 26: "26.12.1" };

/** The command line as a whole, its processes, what is compiled or built on the way to them, and a first day with all of it. */
const tests = [
  ...[
    "migrator/cli/{cli,commands,sealed-start,terminal}",
    "migrator/run/behaviour",
    "migrator/source/modules",
    "migrator/library",
  ],
  ...["scripts/*", "deploy/cdktf", "docs/readme"],
];

const [major = "", ...jestOptions] = process.argv.slice(2);
const version = versions[major];
if (version === undefined) {
  console.error(`which Node? One of ${Object.keys(versions).join(", ")}: npm run test:node -- 24`);
  process.exit(2);
}
const node = installNode(version, join(root, ".data", `node-${major}`));
// npm and whatever else a test starts find this Node first.
const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
const patterns = tests.flatMap((test) => ["--testMatch", `<rootDir>/test/${test}.test.ts`]);
// The default leaves out what has a suite of its own.
const all = ["--testPathIgnorePatterns", "/node_modules/"];
const { status } = spawnSync(node, ["node_modules/jest/bin/jest.js", ...jestOptions, ...patterns, ...all], {
  cwd: root,
  stdio: "inherit",
  env,
});
process.exit(status ?? 1);

/** @returns path of the program */
function installNode(version: string, directory: string): string {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const installed = installProgram(directory, `node-${platform}-${process.arch}`, version);
  const program = join(installed, "bin", platform === "win" ? "node.exe" : "node");
  if (!existsSync(program)) {
    throw new Error(`${program} (not there): the package of Node for this platform is made in another way now`);
  }
  return program;
}
