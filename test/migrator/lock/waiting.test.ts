import { lockKey } from "../../../migrator/lock";
import { createTestDatabase, type TestDatabase, withClient } from "../../support/database";
import { startMigrator, waitUntil, writeMigrations } from "../../support/migrator";
import { startProxy } from "../../support/proxy";

const dir = writeMigrations({ "1_a.sql": "-- migrate:up\nCREATE TABLE a (id integer);\n" });

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(() => database.drop());

test("a waiter asks at most twice a second, and many waiters are soon out when the lock is free", async () => {
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
    const runs = Array.from({ length: waiters }, () =>
      startMigrator(["up", "--no-json", "--dir", dir, "--database-url", url]),
    );
    await waitUntil(async () => tries.length >= 2 * waiters, "the waiting");
    const before = tries.length;
    await new Promise((resolve) => setTimeout(resolve, observedMs));
    // One more each, for where the time was cut.
    expect(tries.length - before).toBeLessThanOrEqual(waiters * (2 * (observedMs / 1_000) + 1));

    await holder.query(`SELECT pg_advisory_unlock(${key})`);
    const released = performance.now();
    const ended = await Promise.all(runs.map((run) => run.ended));

    expect(ended.map(({ code }) => code)).toEqual(Array(waiters).fill(0));
    expect(performance.now() - released).toBeLessThan(5_000);
  });
  await proxy.close();
});
