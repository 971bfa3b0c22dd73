import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cluster } from "../../migrator/embedded/cluster";
import { testBinaries } from "./database";

declare global {
  var testCluster: { cluster: Cluster; dir: string } | undefined;
}

/** Builds what the tests run, and starts one real PostgreSQL for them: SCHEMAGATE_TEST_POSTGRES names its version. */
export default async function globalSetup(): Promise<void> {
  execFileSync(process.execPath, [join(__dirname, "../../scripts/build.mjs")], { stdio: "inherit" });
  const dir = mkdtempSync(join(tmpdir(), "schemagate-test-"));
  // The data is thrown away: no need to wait for the disk. Room for several test files with herds at once.
  const cluster = new Cluster(testBinaries(), dir, ["fsync=off", "max_connections=300"]);
  await cluster.start();
  globalThis.testCluster = { cluster, dir };
  process.env.SCHEMAGATE_TEST_SERVER = await cluster.url();
  process.env.SCHEMAGATE_TEST_TMP = dir;
}
