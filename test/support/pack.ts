import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
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
      execFileSync("npm", ["pack", "--silent", "--pack-destination", dir], { cwd: root, stdio: "pipe" });
    }
    return tarball;
  } finally {
    await release();
  }
}
