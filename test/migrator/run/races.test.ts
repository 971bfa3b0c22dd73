import type { Client } from "pg";
import { useTestDatabase, withClient } from "../../support/database";
import { jsonLines, runMigrator, startMigrator, waitUntil, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

const argumentsOf = (files: Readonly<Record<string, string>>, ...more: string[]) => [
  ...["up", "--json", "--dir", writeMigrations(files), "--database-url", database.url],
  ...more,
];

/** Runs a migration while another session has an open transaction with `theirs`, which ends when the migration waits. */
async function race(theirs: string, ours: string, options = "") {
  return withClient(database.url, async (other) => {
    await other.query(`BEGIN; ${theirs}`);
    const files = { "1_race.sql": `-- migrate:up${options}\n${ours};\n` };
    const run = startMigrator(argumentsOf(files, "--lock-timeout", "60"));
    await waitUntil(() => isBlocking(other), "the migration's wait");
    await other.query("COMMIT");
    return run.ended;
  });
}

async function isBlocking(other: Client): Promise<boolean> {
  const { rows } = await other.query(
    "SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))",
  );
  return rows.length > 0;
}

const retries = (stderr: string) => jsonLines(stderr).filter(({ event }) => event === "retry");

describe("a race in the catalog is tried again, as a deadlock is:", () => {
  beforeEach(() =>
    database.query(`CREATE TABLE shared (id integer);
      CREATE FUNCTION answer() RETURNS integer LANGUAGE sql AS 'SELECT 42'`),
  );

  test.each([
    ["GRANT", "GRANT SELECT ON shared TO PUBLIC", "GRANT INSERT ON shared TO PUBLIC", ""],
    [
      "GRANT without a transaction",
      "GRANT SELECT ON shared TO PUBLIC",
      "GRANT INSERT ON shared TO PUBLIC",
      " transaction:false",
    ],
    [
      "CREATE OR REPLACE FUNCTION",
      "CREATE OR REPLACE FUNCTION answer() RETURNS integer LANGUAGE sql AS 'SELECT 43'",
      "CREATE OR REPLACE FUNCTION answer() RETURNS integer LANGUAGE sql AS 'SELECT 44'",
      "",
    ],
    ["CREATE SCHEMA IF NOT EXISTS", "CREATE SCHEMA extra", "CREATE SCHEMA IF NOT EXISTS extra", ""],
    ["CREATE TABLE IF NOT EXISTS", "CREATE TABLE extra ()", "CREATE TABLE IF NOT EXISTS extra ()", ""],
    ["CREATE EXTENSION IF NOT EXISTS", "CREATE EXTENSION pg_trgm", "CREATE EXTENSION IF NOT EXISTS pg_trgm", ""],
  ])("%s", async (_, theirs, ours, options) => {
    const result = await race(theirs, ours, options);

    expect(result).toMatchObject({ code: 0 });
    expect(retries(result.stderr)).toEqual([
      expect.objectContaining({ reason: "another session changed the same object", attempt: 1 }),
    ]);
  });
});

/** What the server raises in a race, raised for good. */
const raise = (message: string) => ({
  "1_raise.sql": `-- migrate:up\nDO $$ BEGIN RAISE EXCEPTION '${message}' USING ERRCODE = 'XX000'; END $$;\n`,
});

test("a race that is lost each time says that another session changes the same object", async () => {
  const { code, stderr } = await runMigrator(argumentsOf(raise("tuple concurrently deleted"), "--retries", "1"));

  expect(code).toBe(6);
  expect(retries(stderr)).toHaveLength(1);
  expect(jsonLines(stderr).at(-1)).toMatchObject({
    event: "failed",
    sqlState: "XX000",
    hint: expect.stringContaining("Another session changed the same object each time"),
  });
});

test.each(["cache lookup failed for function 16403", "could not open relation with OID 16403"])(
  "what another session dropped meanwhile is looked up again: %s",
  async (message) => {
    expect(retries((await runMigrator(argumentsOf(raise(message), "--retries", "1"))).stderr)).toHaveLength(1);
  },
);

test("an internal error that is no race, and a row that is there twice, are not tried again", async () => {
  const internal = await runMigrator(argumentsOf(raise("invalid page in block 3 of relation base/5/16403")));
  expect(internal.code).toBe(6);
  expect(retries(internal.stderr)).toEqual([]);
  expect(jsonLines(internal.stderr).at(-1)).toMatchObject({ hint: expect.stringContaining("Mend the migration") });

  const twice = "CREATE TABLE t (id integer PRIMARY KEY);\nINSERT INTO t VALUES (1), (1);";
  const { code, stderr } = await runMigrator(argumentsOf({ "1_twice.sql": `-- migrate:up\n${twice}\n` }));
  expect(code).toBe(6);
  expect(retries(stderr)).toEqual([]);
});

test("a deadlock that comes back each time is no mistake of the migration", async () => {
  const deadlock = "DO $$ BEGIN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$;";

  const { code, stderr } = await runMigrator(
    argumentsOf({ "1_lock.sql": `-- migrate:up\n${deadlock}\n` }, "--retries", "0"),
  );

  expect(code).toBe(6);
  expect(jsonLines(stderr).at(-1)?.hint).toMatch(/^Another session was in the way each time/);
});
