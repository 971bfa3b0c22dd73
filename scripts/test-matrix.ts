// What is a matrix by nature: `npm run test:matrix [-- options of Jest]`. The whole corpus of schema changes and the whole
// kill matrix, of which `npm test` takes a part each; how local runs end, and kinds of broken settings; and what knows the server's
// version, on the oldest supported one.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "..");
const jestOptions = process.argv.slice(2);

/** One behind the other: each starts a server of its own. */
const runs: readonly (readonly string[])[] = [
  ["node_modules/jest/bin/jest.js", "--config", "test/matrix.config.js"],
  ["node_modules/jiti/lib/jiti-cli.mjs", "scripts/test-postgres.ts", "14"],
];

for (const run of runs) {
  const { status } = spawnSync(process.execPath, [...run, ...jestOptions], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
