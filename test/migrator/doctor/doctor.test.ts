import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { createTestDatabase, type TestDatabase, useTestDatabase, withClient } from "../../support/database";
import { behindTarget, jsonLines, runMigrator, waitUntil, writeMigrations } from "../../support/migrator";

const one = {
  "20260101000001_one.sql": "-- migrate:up\nCREATE TABLE one (id integer);\n-- migrate:down\nDROP TABLE one;\n",
};
const two = { ...one, "20260101000002_two.sql": "-- migrate:up\nCREATE TABLE two (id integer);\n" };

const database = useTestDatabase();

/** A session that grows old while the other tests run. */
let forgotten: { readonly database: TestDatabase; readonly client: Client };

beforeAll(async () => {
  const own = await createTestDatabase();
  await own.query("CREATE TABLE one (id integer)");
  const client = new Client({ connectionString: own.url, application_name: "forgotten" });
  await client.connect();
  await client.query("BEGIN");
  await client.query("SELECT * FROM one");
  forgotten = { database: own, client };
});

afterAll(async () => {
  await forgotten.client.end();
  await forgotten.database.drop();
});

interface Report {
  readonly code: number | null;
  readonly checks: readonly { group: string; status: string; code: string; message: string; hint?: string }[];
  /** What is not ok, in short. */
  readonly found: readonly string[];
}

async function examine(dir: string, url = database.url, ...more: string[]): Promise<Report> {
  const { code, stdout, stderr } = await runMigrator([
    "doctor",
    "--json",
    "--dir",
    dir,
    "--database-url",
    url,
    ...more,
  ]);
  const [line] = jsonLines(stdout);
  if (line === undefined) {
    throw new Error(`no report: ${stdout}${stderr}`);
  }
  const checks = line.checks as Report["checks"];
  expect(line).toMatchObject({ event: "doctor", ok: code === 0, exitCode: code });
  const found = checks.filter(({ status }) => status !== "ok").map(({ status, code }) => `${status} ${code}`);
  return { code, checks, found };
}

function up(dir: string) {
  return runMigrator(["up", "--dir", dir, "--database-url", database.url]);
}

test("a healthy database passes every check, before the first up and after it, and is left as it was", async () => {
  const dir = writeMigrations(one);

  expect(await examine(dir)).toMatchObject({ code: 0, found: [] });
  expect(await database.query("SELECT to_regnamespace('schemagate') AS found")).toEqual([{ found: null }]);
  await up(dir);
  expect(await examine(dir)).toMatchObject({ code: 0, found: [] });
});

test("words say what was looked at, and that nothing is wrong", async () => {
  const dir = writeMigrations(one);
  await up(dir);

  const { code, stdout } = await behindTarget(
    runMigrator(["doctor", "--no-json", "--dir", dir, "--database-url", database.url]),
  );

  expect(code).toBe(0);
  expect(stdout).toMatch(/^ok {7}connection {2}database "test_\w+" at 127\.0\.0\.1:\d+ as "postgres", /);
  expect(stdout).toMatch(/\nok {7}migrations {2}1 in the ledger, nothing is pending\n/);
  expect(stdout).toMatch(/\nnothing is wrong\n$/);
});

test("every problem comes with a remedy", async () => {
  await up(writeMigrations(two));
  await database.query(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);

  const { code, stdout } = await runMigrator([
    ...[
      "doctor",
      "--no-json",
      "--dir",
      writeMigrations({ ...two, "20260101000001_one.sql": "-- migrate:up\nSELECT 1;\n" }),
    ],
    ...["--database-url", database.url],
  ]);

  expect(code).toBe(4);
  expect(stdout).toMatch(/problem {2}migrations {2}migration 20260101000001_one was edited .*\n {21}Restore the file/);
  expect(stdout).toMatch(/problem {2}settings {4}new transactions are read-only .*\n {21}Servers turn it on/);
  expect(stdout).toMatch(/\n2 problems, 0 warnings\n$/);
});

test("a server that cannot be reached exits 7, and the migrations are examined all the same", async () => {
  const dir = writeMigrations({ "20260101000001_one.sql": "CREATE TABLE one ();\n" });

  const report = await examine(dir, "postgres://nobody@127.0.0.1:1/nowhere", "--connect-timeout", "0");

  expect(report).toMatchObject({ code: 7, found: ["problem unreachable", "problem no-marker"] });
});

test("a wrong password exits 7", async () => {
  const url = new URL(database.url);
  url.password = "wrong";

  expect(await examine(writeMigrations(one), url.href)).toMatchObject({ code: 7, found: ["problem authentication"] });
});

test("settings that cannot be read exit 2 without a report", async () => {
  const result = await runMigrator(["doctor", "--no-json", "--database-url", "mysql://localhost/x"]);

  expect(result).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("[bad-url, exit 2]") });
});

test("a directory that is not there exits 2, and the database is examined all the same", async () => {
  const report = await examine("/nowhere/at-all");

  expect(report).toMatchObject({ code: 2, found: ["problem no-directory"] });
  expect(report.checks.map(({ group }) => group)).toContain("settings");
});

test.each([
  ["a ledger of a newer format", "UPDATE schemagate.format SET format = 99", ["problem ledger-format"]],
  [
    "a missing migration",
    "UPDATE schemagate.migrations SET name = '20260101000000_gone' WHERE name LIKE '%one'",
    ["problem missing", "problem out-of-order"],
  ],
  [
    "tables of another tool",
    "DROP SCHEMA schemagate CASCADE; CREATE SCHEMA schemagate; CREATE TABLE schemagate.migrations (id integer)",
    ["problem foreign-ledger"],
  ],
])("what up would refuse exits 4: %s", async (_what, change, found) => {
  const dir = writeMigrations(two);
  await up(dir);
  await database.query(change);

  const report = await examine(dir);

  expect(report.code).toBe(4);
  expect([...report.found].sort()).toEqual([...found].sort());
});

test("what up would refuse once it comes to it exits 4: BEGIN inside a migration", async () => {
  const dir = writeMigrations({ "20260101000001_one.sql": "-- migrate:up\nBEGIN;\nCREATE TABLE one ();\nCOMMIT;\n" });

  expect(await examine(dir)).toMatchObject({
    code: 4,
    found: ["problem transaction-control", "problem transaction-control"],
  });
});

test("a partial migration and a database that is ahead are warnings", async () => {
  const dir = writeMigrations({
    ...one,
    "20260101000002_stops.sql": "-- migrate:up transaction:false\nCREATE TABLE a ();\nSELECT 1/0;\n",
  });
  await up(dir);
  expect(await examine(dir)).toMatchObject({ code: 0, found: ["warning partial"] });
  await database.query("UPDATE schemagate.migrations SET progress = NULL");

  expect(await examine(writeMigrations(one))).toMatchObject({ code: 0, found: ["warning ahead"] });
});

test("an invalid index is named with its table and exits 3", async () => {
  await database.query('CREATE TABLE "My table" AS SELECT 1 AS id UNION ALL SELECT 1');
  await database.query('CREATE UNIQUE INDEX CONCURRENTLY "my index" ON "My table" (id)').catch(() => undefined);

  const report = await examine(writeMigrations(one));

  expect(report).toMatchObject({ code: 3, found: ["problem invalid-index"] });
  expect(report.checks).toContainEqual({
    group: "indexes",
    status: "problem",
    code: "invalid-index",
    message:
      'index public."my index" on "My table" is invalid: writes maintain it, no query uses it, and if unique it proves nothing',
    hint: 'DROP INDEX CONCURRENTLY public."my index", and build it again; IF NOT EXISTS would take it for there.',
  });
});

test("an index of a partitioned table that lacks a partition's is named", async () => {
  await database.query("CREATE TABLE parted (id integer) PARTITION BY RANGE (id)");
  await database.query("CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (9)");
  await database.query("CREATE INDEX parted_id ON ONLY parted (id)");

  const report = await examine(writeMigrations(one));

  expect(report).toMatchObject({ code: 3, found: ["problem invalid-index"] });
  expect(report.checks.find(({ status }) => status === "problem")?.hint).toContain("ATTACH PARTITION");
});

test("whoever holds the migration lock is named", async () => {
  const dir = writeMigrations({ "20260101000001_slow.sql": "-- migrate:up\nSELECT pg_sleep(60);\n" });
  const running = up(dir);
  const holder =
    "SELECT pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE locktype = 'advisory' AND datname = current_database()";
  await waitUntil(async () => (await database.query(holder)).length > 0, "the lock was taken");

  const report = await examine(dir);

  expect(report).toMatchObject({ code: 0, found: ["warning lock"] });
  const [{ pid } = {}] = await database.query(holder);
  expect(report.checks.find(({ code }) => code === "lock")?.message).toMatch(
    new RegExp(`^the migration lock is held by schemagate/\\S+ .* \\(pid ${pid}, active, connected since `),
  );
  await database.query("SELECT pg_terminate_backend($1)", [pid]);
  await running;
});

test("a session that is idle in a transaction, and would block a change of tables, is named", async () => {
  const old =
    "SELECT FROM pg_stat_activity WHERE application_name = 'forgotten' AND xact_start < now() - interval '5 s'";
  await waitUntil(async () => (await forgotten.database.query(old)).length > 0, "the transaction was old enough");

  const report = await examine(writeMigrations(two), forgotten.database.url);

  expect(report).toMatchObject({ code: 0, found: ["warning idle-in-transaction"] });
  expect(report.checks.find(({ status }) => status === "warning")?.message).toMatch(
    /^forgotten of "postgres" \(pid \d+\) is idle in transaction, its transaction open for \d+\.\d s, with locks on one$/,
  );
});

describe("as a role with few rights", () => {
  let role: string;
  let url: string;

  beforeEach(async () => {
    role = `few_${randomBytes(4).toString("hex")}`;
    await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'few'`);
    const parsed = new URL(database.url);
    [parsed.username, parsed.password] = [role, "few"];
    url = parsed.href;
  });

  afterEach(async () => {
    await database.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });

  test("what is missing before the first up exits 3", async () => {
    await database.query("REVOKE CREATE ON SCHEMA public FROM PUBLIC");

    const report = await examine(writeMigrations(one), url);

    expect(report).toMatchObject({ code: 3, found: ["problem schema-privilege", "problem ledger-privilege"] });
    expect(report.checks.filter(({ status }) => status === "problem").map(({ message }) => message)).toEqual([
      `"${role}" may not create in "public", the first schema of its search path`,
      `there is no ledger yet, and "${role}" may not make it: no CREATE on the database`,
    ]);
  });

  test("a search path that leads nowhere exits 3", async () => {
    await database.query(`ALTER ROLE ${role} SET search_path = nowhere`);
    await database.query(`GRANT CREATE ON DATABASE ${database.name} TO ${role}`);

    expect(await examine(writeMigrations(one), url)).toMatchObject({ code: 3, found: ["problem no-schema"] });
  });

  test("a ledger that it may only read, and tables of another owner, are named", async () => {
    const dir = writeMigrations(one);
    await up(dir);
    await database.query(`GRANT USAGE ON SCHEMA schemagate TO ${role}`);
    await database.query(`GRANT SELECT ON ALL TABLES IN SCHEMA schemagate TO ${role}`);
    await database.query(`GRANT CREATE ON SCHEMA public TO ${role}`);

    const report = await examine(dir, url);

    expect(report).toMatchObject({ code: 3, found: ["problem ledger-privilege", "warning foreign-owner"] });
    expect(report.checks.find(({ status }) => status === "problem")?.message).toBe(
      `"${role}" lacks INSERT on format, DELETE on migrations, INSERT on migrations, UPDATE on migrations, INSERT on runs in the ledger's schema "schemagate"`,
    );
    expect(report.checks.find(({ status }) => status === "warning")?.message).toContain('(one of "postgres")');
  });

  test("a ledger that it may not see does not end the examination", async () => {
    const dir = writeMigrations(one);
    await up(dir);

    const report = await examine(dir, url);

    expect(report.code).toBe(3);
    expect(report.found).toContain("problem not-examined");
    expect(report.checks.map(({ group }) => group)).toContain("settings");
  });

  test("sessions that it may not look into are counted", async () => {
    await database.query("CREATE TABLE one (id integer)");
    await withClient(database.url, async (client) => {
      await client.query("BEGIN");
      await client.query("SELECT * FROM one");

      const report = await examine(writeMigrations(one), url);

      expect(report.checks.find(({ code }) => code === "hidden-sessions")?.message).toBe(
        "1 session of other roles with locks on tables cannot be looked into",
      );
    });
  });

  test("timeouts that would end a run, and connections that run out, are warnings", async () => {
    await database.query(`GRANT CREATE ON DATABASE ${database.name} TO ${role}`);
    await database.query(`GRANT CREATE ON SCHEMA public TO ${role}`);
    await database.query(`ALTER ROLE ${role} CONNECTION LIMIT 3`);
    await database.query(`ALTER ROLE ${role} SET idle_session_timeout = '500ms'`);
    await database.query(`ALTER ROLE ${role} SET lock_timeout = '7s'`);
    await database.query(`ALTER ROLE ${role} SET standard_conforming_strings = off`);

    const report = await examine(writeMigrations(one), url);

    expect(report).toMatchObject({
      code: 0,
      found: ["warning connections", "warning idle-timeout", "warning strings"],
    });
    const messages = report.checks.map(({ message }) => message);
    expect(messages).toContain("1 of 3 connections are in use, 2 left");
    expect(messages).toContain(
      "timeouts that this role starts with: lock_timeout 7000 ms, idle_session_timeout 500 ms",
    );
  });
});
