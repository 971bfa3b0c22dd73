import { useTestDatabase } from "../../support/database";
import { jsonLines, runMigrator, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

async function up(files: Record<string, string>, ...more: string[]) {
  return runMigrator(["up", "--dir", writeMigrations(files), "--database-url", database.url, ...more]);
}

const sql = (text: string, options = "") => `-- migrate:up${options}\n${text}\n`;
const code = (body: string, more = "") => `export async function up({ client }: { client: any }) { ${body} }\n${more}`;
const withoutTransaction = "export const transaction = false;";

test("a temporary table of one migration does not shadow the table that the next one changes", async () => {
  const result = await up({
    "1_users.sql": sql("CREATE TABLE users (id integer, email text);"),
    "2_copy.sql": sql("CREATE TEMP TABLE users AS SELECT * FROM users;"),
    "3_phone.sql": sql("ALTER TABLE users ADD COLUMN phone text;"),
  });

  expect(result).toMatchObject({ code: 0, stderr: "" });
  const columns =
    "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'users'";
  expect((await database.query(columns)).map((row) => row.column_name)).toContain("phone");
});

describe("INV-19: each migration finds its session as a new one, whatever the one before it left:", () => {
  test.each([
    ["a temporary table", "CREATE TEMP TABLE t AS SELECT 1;", "CREATE TEMP TABLE t AS SELECT 2;"],
    [
      "a temporary view, function and type",
      "CREATE TYPE pg_temp.k AS (a integer); CREATE TEMP VIEW v AS SELECT 1; CREATE FUNCTION pg_temp.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';",
      "CREATE TYPE pg_temp.k AS (b text); CREATE TEMP VIEW v AS SELECT 2; CREATE FUNCTION pg_temp.f() RETURNS text LANGUAGE sql AS $$SELECT 'a'$$;",
    ],
    ["a prepared statement", "PREPARE p AS SELECT 1;", "PREPARE p AS SELECT 2;"],
    ["a cursor that is held", "DECLARE c CURSOR WITH HOLD FOR SELECT 1;", "DECLARE c CURSOR WITH HOLD FOR SELECT 2;"],
    [
      "a channel that it listens to",
      "LISTEN news;",
      "DO $$BEGIN ASSERT NOT EXISTS (SELECT FROM pg_listening_channels()); END$$;",
    ],
    [
      "a lock of the session, taken twice",
      "SELECT pg_advisory_lock(42); SELECT pg_advisory_lock(42); SELECT pg_advisory_lock_shared(1, 2);",
      "DO $$BEGIN ASSERT 1 = (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()); END$$;",
    ],
    [
      "the last value of a sequence",
      "CREATE SEQUENCE s; SELECT nextval('s');",
      "DO $$BEGIN PERFORM currval('s'); RAISE 'known'; EXCEPTION WHEN object_not_in_prerequisite_state THEN NULL; END$$;",
    ],
    [
      "values that it keeps of a sequence",
      "CREATE SEQUENCE s CACHE 10; SELECT nextval('s');",
      "DO $$BEGIN ASSERT nextval('s') = 11; END$$;",
    ],
    [
      "a setting",
      "SET search_path = pg_temp; SET my.own = 'x';",
      "CREATE TABLE here (id integer); DO $$BEGIN ASSERT current_setting('my.own') = ''; END$$;",
    ],
    [
      "how transactions begin",
      "SELECT set_config('default_transaction_isolation', 'serializable', false);",
      "DO $$BEGIN ASSERT current_setting('transaction_isolation') = 'read committed'; END$$;",
    ],
  ])("%s", async (_, first, second) => {
    for (const options of ["", " transaction:false"]) {
      await database.query(
        "DROP SCHEMA IF EXISTS schemagate CASCADE; DROP SEQUENCE IF EXISTS s; DROP TABLE IF EXISTS here",
      );
      const result = await up({ "1_first.sql": sql(first, options), "2_second.sql": sql(second, options) });

      expect({ options, ...result }).toMatchObject({ code: 0, stderr: "" });
    }
  });

  test("a statement that code prepared by a name", async () => {
    const named = (text: string) => code(`await client.query({ name: "n", text: ${JSON.stringify(text)} });`);

    expect(
      await up({ "1_a.ts": named("SELECT 1"), "2_b.ts": named("SELECT 1"), "3_c.ts": named("SELECT 2") }),
    ).toMatchObject({ code: 0 });
  });

  test("and the lock stays, also behind a migration that gives back all locks of its session", async () => {
    const held = `INSERT INTO held SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();`;
    const result = await up({
      "1_a.sql": sql(`CREATE TABLE held (locks integer); ${held}`),
      "2_b.ts": code(`await client.query("SELECT pg_advisory_lock(7)");`),
      "3_c.sql": sql(held),
      "4_d.sql": sql(held, " transaction:false"),
    });

    expect(result).toMatchObject({ code: 0 });
    expect(await database.query("SELECT locks FROM held")).toEqual([{ locks: 1 }, { locks: 1 }, { locks: 1 }]);
    const left =
      "SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE locktype = 'advisory' AND datname = current_database()";
    expect(await database.query(left)).toEqual([]);
  });

  test("a migration that loses the lock is noticed before the next one", async () => {
    const result = await up(
      { "1_a.sql": sql("SELECT pg_advisory_unlock_all();"), "2_b.sql": sql("CREATE TABLE b ();") },
      "--json",
    );

    expect(result.code).toBe(2);
    expect(jsonLines(result.stderr)).toMatchObject([{ event: "failed", code: "lock-lost" }]);
    expect(await database.query("SELECT to_regclass('b') AS b")).toEqual([{ b: null }]);
  });
});

describe("settings of the database or the role that say how values are written change nothing of ours:", () => {
  const settings = [
    "datestyle = 'SQL, DMY'",
    "intervalstyle = 'iso_8601'",
    "bytea_output = 'escape'",
    "extra_float_digits = -15",
  ];

  beforeEach(async () => {
    for (const setting of settings) {
      await database.query(`ALTER DATABASE ${database.name} SET ${setting}`);
    }
  });

  test.each([
    "datestyle = 'German'",
    "datestyle = 'SQL, DMY'",
    "datestyle = 'Postgres, MDY'",
    "timezone = 'Asia/Kolkata'",
  ])("%s: history, status and adopt tell the times", async (setting) => {
    await database.query(`ALTER DATABASE ${database.name} SET ${setting}`);
    const before = Date.now() - 60_000;
    const dir = writeMigrations({ "1_a.sql": sql("CREATE TABLE a ();") });
    const run = (...args: string[]) => runMigrator([...args, "--json", "--dir", dir, "--database-url", database.url]);
    await run("up");

    const [history] = jsonLines((await run("history")).stdout) as { runs: { finishedAt: string }[] }[];
    const [status] = jsonLines((await run("status")).stdout) as { migrations: { appliedAt: string }[] }[];

    expect(Date.parse(history?.runs[0]?.finishedAt ?? "")).toBeGreaterThan(before);
    expect(Date.parse(status?.migrations[0]?.appliedAt ?? "")).toBeGreaterThan(before);
    expect((await runMigrator(["history", "--verbose", "--no-json", "--database-url", database.url])).code).toBe(0);
  });

  test("code reads every value", async () => {
    const body = `
      const { rows } = await client.query("SELECT '2024-02-03 04:05:06Z'::timestamptz AS t, '1 day 2 hours'::interval AS i, '\\\\x00ff'::bytea AS b, 0.1::float8 + 0.2 AS f");
      const [{ t, i, b, f }] = rows;
      if (t.toISOString() !== "2024-02-03T04:05:06.000Z" || i.days !== 1 || b.length !== 2 || f !== 0.1 + 0.2) throw new Error(JSON.stringify(rows));`;

    expect(await up({ "1_a.ts": code(body), "2_b.ts": code(body, withoutTransaction) })).toMatchObject({
      code: 0,
      stderr: "",
    });
  });

  test("SQL is run as they say: what it writes is what psql would write", async () => {
    const text = "CREATE TABLE a AS SELECT '03/02/2024'::date::text AS written;";

    expect(await up({ "1_a.sql": sql(text) })).toMatchObject({ code: 0 });
    expect(await database.query("SELECT written FROM a")).toEqual([{ written: "03/02/2024" }]);
  });
});
