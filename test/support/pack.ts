import { execFileSync, type StdioOptions } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import { version } from "../../package.json";
import { makeDirectory, root } from "./migrator";

/** Packs the project as `npm publish` would, once for all tests of a run. @returns path of the tarball */
export async function packProject(): Promise<string> {
  const dir = join(process.env.SCHEMAGATE_TEST_TMP ?? makeDirectory(), "packed");
  mkdirSync(dir, { recursive: true });
  // Jest's workers are processes: one packs, the others wait for what it made.
  const release = await lock(dir, { retries: { retries: 600, factor: 1, minTimeout: 200 } });
  try {
    const tarball = join(dir, `schemagate-${version}.tgz`);
    if (!existsSync(tarball)) {
      packInto(dir);
    }
    return tarball;
  } finally {
    await release();
  }
}

/** Not in the checkout: other runs build in its dist/ at the same time, and npm would pack what is half written. */
function packInto(dir: string): void {
  const stage = join(dir, "stage");
  mkdirSync(stage);
  for (const file of ["package.json", "README.md", "LICENSE", "CHANGELOG.md"]) {
    copyFileSync(join(root, file), join(stage, file));
  }
  const env = { ...process.env, NODE_PATH: join(root, "node_modules") };
  const stdio: StdioOptions = ["ignore", "ignore", "inherit"];
  execFileSync("npm", ["run", "--silent", "prepack", "--", "--out", join(stage, "dist")], { cwd: root, env, stdio });
  execFileSync("npm", ["pack", stage, "--ignore-scripts", "--loglevel=error", "--pack-destination", dir], { stdio });
}
