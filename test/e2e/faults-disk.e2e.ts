import { cpSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { queryAt, serverUrl, startTestServer, type TestServer } from "../support/database";
import { makeDirectory, waitUntil } from "../support/migrator";
import { freePort } from "../support/pgbouncer";
import { expectNextRun, failureOf, openBank, payMigration, startFaulty, useFaults, withBank } from "./support/faults";
import { mountSmallDisk, type SmallDisk, throttleWrites } from "./support/machine";

useFaults();

/** About 40 MB in the table, and as much again in the log of writes. */
const tooMuch = { filler_rows: 20_000 };

test.concurrent("a server that takes no writes makes the run exit 6 and say what to do; once it does, the next run succeeds", () =>
  withBank({}, async (bank, database) => {
    await bank.query(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);

    const replica = await startFaulty(bank.url);

    expect(await replica.migrated).toBe(6);
    expect(await failureOf(replica)).toMatchObject({ code: "read-only", sqlState: "25006", exitCode: 6 });
    expect((await failureOf(replica))?.hint).toContain("standby, as after a failover");
    expect((await replica.state("app")).status).toBe("created");
    expect(await bank.query("SELECT to_regnamespace('schemagate') AS ledger")).toEqual([{ ledger: null }]);

    await queryAt(serverUrl(), `ALTER DATABASE ${database.name} RESET default_transaction_read_only`);
    await expectNextRun(bank.url);
    await bank.expectDone();
  }));

test.concurrent("a full disk makes the run exit 6 and the server goes on; on a larger one the next run succeeds", () =>
  withDisk(32, async (disk) => {
    const server = await startTestServer();
    try {
      await queryAt(server.url, `CREATE TABLESPACE small LOCATION '${disk.dir}'`);
      const bank = await openBank(server.url, tooMuch);
      await bank.query("ALTER TABLE filler SET TABLESPACE small");

      const replica = await startFaulty(bank.url);

      expect(await replica.migrated).toBe(6);
      expect(await failureOf(replica)).toMatchObject({
        code: "migration-failed",
        sqlState: "53100",
        hint: expect.stringContaining("enlarge the storage"),
      });
      await bank.expectRolledBack();

      disk.enlarge(128);
      await expectNextRun(bank.url);
      await bank.expectDone();
    } finally {
      await server.remove();
    }
  }));

test.concurrent("a disk that is full of the server's log of writes ends the server; larger and started again, the next run succeeds", () =>
  // Room for the log's first segment of 16 MB, and one more.
  withDisk(40, async (disk) => {
    const port = await freePort();
    const server = await startTestServer([`port=${port}`, "fsync=on"]);
    try {
      const bank = await openBank(server.url, tooMuch);
      await moveLog(server, disk);

      const replica = await startFaulty(bank.url);

      // The server ends in a panic, and nobody can say yet what it will find when it is back.
      expect(await replica.migrated).toBe(7);
      expect(await failureOf(replica)).toMatchObject({
        code: "connection-lost",
        sqlState: "53100",
        hint: expect.stringContaining("enlarge the storage"),
      });
      expect((await replica.state("app")).status).toBe("created");
      // It needs a further segment to recover, and gives up.
      await waitUntil(() => isDown(server.url), "the server's end");
      const without = await startFaulty(bank.url, { SCHEMAGATE_CONNECT_TIMEOUT: "1" });
      expect(await without.migrated).toBe(7);

      disk.enlarge(256);
      await server.cluster.start();
      await bank.expectRolledBack();
      await expectNextRun(bank.url);
      await bank.expectDone();
    } finally {
      await server.remove();
    }
  }));

test.concurrent("a slow disk makes a migration slow and nothing else", async () => {
  const server = await startTestServer(["fsync=on"], tmpdir());
  try {
    const bank = await openBank(server.url, { filler_rows: 5_000 });
    const dataDirectory = await dataDirectoryOf(server);
    const postmaster = Number(readFileSync(join(dataDirectory, "postmaster.pid"), "utf8").split("\n")[0]);
    // Some 10 MB of its log must be on the disk before a COMMIT of that size is answered.
    const restore = throttleWrites(postmaster, dataDirectory, 2 * 2 ** 20);
    try {
      const replica = await expectNextRun(bank.url);

      await bank.expectDone();
      const [migrated] = (await replica.migratorLines()).filter(
        ({ event, migration }) => event === "migrated" && migration === payMigration,
      );
      // That the throttle was on, not how fast anything is.
      expect(migrated?.durationMs).toBeGreaterThan(2_000);
    } finally {
      restore();
    }
  } finally {
    await server.remove();
  }
});

async function withDisk(mebibytes: number, body: (disk: SmallDisk) => Promise<void>): Promise<void> {
  const dir = makeDirectory();
  const disk = mountSmallDisk(dir, mebibytes);
  try {
    await body(disk);
  } finally {
    disk.unmount();
  }
}

async function isDown(url: string): Promise<boolean> {
  const error = await queryAt(url, "SELECT").catch((thrown) => thrown);
  return error.code === "ECONNREFUSED";
}

async function dataDirectoryOf(server: TestServer): Promise<string> {
  const [row] = await queryAt(server.url, "SHOW data_directory");
  return String(row?.data_directory);
}

/** Moves the server's log of writes to a disk of its own, as one does on large servers. */
async function moveLog(server: TestServer, disk: SmallDisk): Promise<void> {
  const log = join(await dataDirectoryOf(server), "pg_wal");
  const target = join(disk.dir, "pg_wal");
  await server.cluster.stop();
  cpSync(log, target, { recursive: true });
  rmSync(log, { recursive: true });
  symlinkSync(target, log);
  await server.cluster.start();
}
