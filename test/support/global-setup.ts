import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cluster } from "../../migrator/embedded/cluster";
import { testBinaries } from "./database";

declare global {
  var testCluster: { cluster: Cluster; dirs: readonly string[] } | undefined;
}

/** Linux's file system in memory; systemd and Docker both mount it here. */
const memory = "/dev/shm";
/** Several times what the servers of a whole run were seen to hold at once, their logs included: 0.5 GB. */
const roomBytes = 2 * 1024 ** 3;

/** Where servers keep their data: in memory where it has room. Most tests make a database, 8 MB of files, and drop it. */
function dataParent(): string {
  if (!existsSync(memory)) {
    return tmpdir();
  }
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize >= roomBytes ? memory : tmpdir();
}

/** A shell's PGPASSWORD and its like: pg takes them for what a test leaves out. */
function forgetLibpqVariables(): void {
  for (const name of Object.keys(process.env).filter((variable) => variable.startsWith("PG"))) {
    delete process.env[name];
  }
}

/** Builds what the tests run, and starts one real PostgreSQL for them: SCHEMAGATE_TEST_POSTGRES names its version. */
export default async function globalSetup(): Promise<void> {
  forgetLibpqVariables();
  execFileSync(process.execPath, [join(__dirname, "../../scripts/run-built.cjs")], { stdio: "inherit" });
  const dir = mkdtempSync(join(tmpdir(), "schemagate-test-"));
  const dataDir = mkdtempSync(join(dataParent(), "schemagate-test-data-"));
  // The data is thrown away: no need to wait for the disk. Room for several test files with herds at once.
  const cluster = new Cluster(testBinaries(), dataDir, ["fsync=off", "max_connections=300"]);
  globalThis.testCluster = { cluster, dirs: [dir, dataDir] };
  await cluster.start();
  process.env.SCHEMAGATE_TEST_SERVER = await cluster.url();
  process.env.SCHEMAGATE_TEST_TMP = dir;
  process.env.SCHEMAGATE_TEST_DATA = dataDir;
}
