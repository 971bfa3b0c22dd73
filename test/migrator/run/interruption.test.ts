import { isDeepStrictEqual } from "node:util";
import { useTestDatabase, withClient } from "../../support/database";
import { runMigrator, startMigrator, waitUntil, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

/** Three statements; the run stands still in the last one. */
const slow = {
  "20260101000000_slow.sql":
    "-- migrate:up\nCREATE TABLE first (id integer);\nINSERT INTO first VALUES (1);\nSELECT pg_sleep(60);\n-- migrate:down\nDROP TABLE first;\n",
};
const quick = {
  "20260101000000_slow.sql": "-- migrate:up\nCREATE TABLE first (id integer);\nINSERT INTO first VALUES (1);\n",
};

async function isSleeping(): Promise<boolean> {
  const rows = await database.query(
    "SELECT FROM pg_stat_activity WHERE datname = $1 AND query LIKE '%pg_sleep%' AND state = 'active' AND pid <> pg_backend_pid()",
    [database.name],
  );
  return rows.length > 0;
}

async function startAndReachSleep() {
  const run = startMigrator(["up", "--no-json", "--dir", writeMigrations(slow), "--database-url", database.url]);
  await waitUntil(isSleeping, "the third statement");
  return run;
}

test("a run killed in the middle of a migration leaves nothing of it, and the next run succeeds", async () => {
  const { child, ended } = await startAndReachSleep();

  child.kill("SIGKILL");
  await ended;

  // The server notices by itself that the client is gone, within seconds rather than after the statement's minute.
  const next = await runMigrator(["up", "--dir", writeMigrations(quick), "--database-url", database.url]);
  expect(next).toMatchObject({ code: 0, stderr: expect.not.stringContaining("error") });
  expect(await database.query("SELECT id FROM first")).toEqual([{ id: 1 }]);
  expect(await database.query("SELECT outcome FROM schemagate.runs")).toEqual([{ outcome: "applied" }]);
});

test.each([
  ["SIGTERM", 143],
  ["SIGINT", 130],
] as const)("INV-9: %s cancels the statement on the server, rolls back and exits %i", async (signal, code) => {
  const { child, ended } = await startAndReachSleep();

  child.kill(signal);

  expect(await ended).toMatchObject({ code, stderr: expect.stringContaining(`ended by ${signal}`) });
  expect(await isSleeping()).toBe(false);
  expect(await database.query("SELECT to_regclass('first') AS found")).toEqual([{ found: null }]);
  expect(await database.query("SELECT outcome, error FROM schemagate.runs")).toEqual([
    { outcome: "failed", error: `ended by ${signal} during migration 20260101000000_slow, which was rolled back` },
  ]);
});

test("SIGTERM ends a run that waits for the lock", async () => {
  const first = await startAndReachSleep();
  const waiting = startMigrator(["up", "--no-json", "--dir", writeMigrations(slow), "--database-url", database.url]);
  let stderr = "";
  waiting.child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  await waitUntil(async () => stderr.includes("waiting for the lock"), "the wait");

  waiting.child.kill("SIGTERM");

  expect((await waiting.ended).code).toBe(143);
  first.child.kill("SIGTERM");
  await first.ended;
});

test("a run that waits too long for the lock exits 5 and names the holder", async () => {
  const { child, ended } = await startAndReachSleep();

  const result = await runMigrator([
    ...["up", "--no-json", "--dir", writeMigrations(slow), "--database-url", database.url, "--lock-wait", "1"],
  ]);

  expect(result.code).toBe(5);
  expect(result.stderr).toMatch(
    /another run holds the migration lock after 1 s of waiting: schemagate\/\S+ .+ \(pid \d+, active/,
  );
  child.kill("SIGTERM");
  await ended;
});

test("waiting for the lock is idle, outside a transaction", async () => {
  const holder = await startAndReachSleep();
  const waiter = startMigrator(["up", "--no-json", "--dir", writeMigrations(slow), "--database-url", database.url]);
  const states = () =>
    database.query(
      "SELECT state, xact_start FROM pg_stat_activity WHERE datname = $1 AND query LIKE '%pg_try_advisory_lock%' AND pid <> pg_backend_pid()",
      [database.name],
    );
  const isIdle = async () => isDeepStrictEqual(await states(), [{ state: "idle", xact_start: null }]);

  await waitUntil(isIdle, "an idle wait");

  for (const { child, ended } of [waiter, holder]) {
    child.kill("SIGTERM");
    await ended;
  }
});

test("a connection cut by the server in mid-run exits 7, and the next run succeeds", async () => {
  const { ended } = await startAndReachSleep();

  await withClient(database.url, (client) =>
    client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND datname = current_database() AND pid <> pg_backend_pid()",
    ),
  );

  expect(await ended).toMatchObject({
    code: 7,
    stderr: expect.stringContaining("the connection was lost during migration"),
  });
  expect((await runMigrator(["up", "--dir", writeMigrations(quick), "--database-url", database.url])).code).toBe(0);
});
