import { createLedgerSql } from "../../../migrator/ledger/tables";
import { lockKey } from "../../../migrator/lock/lock";
import { releaseChannel } from "../../../migrator/lock/release";
import { useTestDatabase, withClient } from "../../support/database";
import { runMigrator, startMigrator, waitUntil, writeMigrations } from "../../support/migrator";
import { startProxy } from "../../support/proxy";

const dir = writeMigrations({ "1_a.sql": "-- migrate:up\nCREATE TABLE a (id integer);\n" });

const up = ["up", "--no-json", "--dir", dir];

const database = useTestDatabase();

test("a waiter asks at most twice a second, and many waiters are all out when the lock is free", async () => {
  const waiters = 5;
  const observedMs = 3_000;
  const tries: number[] = [];
  const proxy = await startProxy(database.url, {
    decide: (message) => {
      if (message.includes("pg_try_advisory_lock")) {
        tries.push(performance.now());
      }
      return "pass";
    },
  });
  await withClient(database.url, async (holder) => {
    const key = lockKey(database.name, "schemagate");
    await holder.query(`SELECT pg_advisory_lock(${key})`);
    const url = proxy.through(database.url);
    const runs = Array.from({ length: waiters }, () => runMigrator([...up, "--database-url", url]));
    await waitUntil(async () => tries.length >= 2 * waiters, "the waiting");
    const before = tries.length;
    await new Promise((resolve) => setTimeout(resolve, observedMs));
    // One more each, for where the time was cut.
    expect(tries.length - before).toBeLessThanOrEqual(waiters * (2 * (observedMs / 1_000) + 1));

    await holder.query(`SELECT pg_advisory_unlock(${key})`);
    const ended = await Promise.all(runs);

    expect(ended.map(({ code }) => code)).toEqual(Array(waiters).fill(0));
  });
  await proxy.close();
});

/** Starts a run and waits until it waits. */
async function startWaiter() {
  const waiter = startMigrator([...up, "--database-url", database.url]);
  const isWaiting = async () =>
    (
      await database.query(
        "SELECT FROM pg_stat_activity WHERE datname = $1 AND state = 'idle' AND query LIKE '%pg_try_advisory_lock%' AND pid <> pg_backend_pid()",
        [database.name],
      )
    ).length === 1;
  await waitUntil(isWaiting, "the waiting");
  return waiter;
}

test("a waiter leaves without the lock when another run has done its work", async () => {
  await runMigrator([...up, "--database-url", database.url]);
  await database.query("CREATE TABLE kept AS SELECT name, checksum FROM schemagate.migrations");
  await database.query("DELETE FROM schemagate.migrations");
  await withClient(database.url, async (holder) => {
    await holder.query(`SELECT pg_advisory_lock(${lockKey(database.name, "schemagate")})`);
    const waiter = await startWaiter();

    await holder.query("INSERT INTO schemagate.migrations (name, checksum) SELECT name, checksum FROM kept");

    expect(await waiter.ended).toMatchObject({ code: 0, stderr: expect.stringContaining("waiting for the lock") });
  });
});

test("a waiter says who holds the lock, also where another role's sessions are not for it to look at", async () => {
  const role = `waiter_${database.name}`;
  await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'waits'`);
  await database.query(`GRANT ALL ON DATABASE ${database.name} TO ${role}`);
  const url = new URL(database.url);
  url.username = role;
  url.password = "waits";
  await withClient(database.url, async (holder) => {
    await holder.query(`SELECT pg_advisory_lock(${lockKey(database.name, "schemagate")})`);

    const { code, stderr } = await runMigrator([...up, "--database-url", url.href, "--lock-wait", "1"]);

    expect(stderr).toMatch(/waiting for the lock, held by an unnamed client \(pid \d+, unknown\)/);
    expect(code).toBe(5);
  });
  await database.query(`DROP OWNED BY ${role} CASCADE`);
  await database.query(`DROP ROLE ${role}`);
});

test("a waiter finds that the ledger was made, goes on waiting, and does what is left to do", async () => {
  await withClient(database.url, async (holder) => {
    const key = lockKey(database.name, "schemagate");
    await holder.query(`SELECT pg_advisory_lock(${key})`);
    const waiter = await startWaiter();
    await holder.query(createLedgerSql("schemagate", { withSchema: true }));

    await holder.query(`SELECT pg_advisory_unlock(${key})`);

    expect((await waiter.ended).code).toBe(0);
    expect(await database.query("SELECT name FROM schemagate.migrations")).toEqual([{ name: "1_a" }]);
  });
});

test("who waits is told when a run gives the lock back, however it ended", async () => {
  const channel = releaseChannel(lockKey(database.name, "schemagate"));
  const failing = writeMigrations({ "1_a.sql": "-- migrate:up\nSELECT 1/0;\n" });
  await withClient(database.url, async (listener) => {
    const heard: string[] = [];
    listener.on("notification", (notification) => heard.push(notification.channel));
    await listener.query(`LISTEN ${channel}`);

    await runMigrator(["up", "--dir", failing, "--database-url", database.url]);
    await listener.query("SELECT 1");
    expect(heard).toEqual([channel]);

    await runMigrator([...up, "--database-url", database.url]);
    await listener.query("SELECT 1");
    expect(heard).toEqual([channel, channel]);
  });
});
