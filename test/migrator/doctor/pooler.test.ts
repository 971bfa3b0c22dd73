import { createTestDatabase, type TestDatabase, withClient } from "../../support/database";
import { jsonLines, runMigrator, writeMigrations } from "../../support/migrator";
import { startPgbouncer, type TestPooler } from "../../support/pgbouncer";

let database: TestDatabase;
let pooler: TestPooler | undefined;

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(async () => {
  await pooler?.stop();
  pooler = undefined;
  await database.drop();
});

/** @returns URL of the database through the pooler. */
async function startPooler(mode: "transaction" | "session"): Promise<string> {
  pooler = await startPgbouncer(database.url, { pool_mode: mode });
  return pooler.through(database.url);
}

async function examine(url: string) {
  const dir = writeMigrations({ "20260101000001_one.sql": "-- migrate:up\nCREATE TABLE one ();\n" });
  const { code, stdout } = await runMigrator(["doctor", "--json", "--dir", dir, "--database-url", url]);
  const checks = jsonLines(stdout)[0]?.checks as { code: string; status: string; message: string; hint?: string }[];
  return {
    code,
    pooler: checks.find((check) => check.code === "pooler"),
    found: checks.filter(({ status }) => status === "problem"),
  };
}

test("a pooler in transaction mode is found, and exits 2 as up would", async () => {
  const report = await examine(await startPooler("transaction"));

  expect(report.code).toBe(2);
  expect(report.found).toEqual([report.pooler]);
  expect(report.pooler).toMatchObject({
    status: "problem",
    message: expect.stringMatching(/^a pooler in transaction mode sits between/),
    hint: expect.stringContaining("port 5432"),
  });
});

test("what doctor sets for its queries does not stay with the pooler's connection", async () => {
  const url = await startPooler("transaction");
  await examine(url);

  const { rows } = await withClient(url, (client) =>
    client.query(
      "SELECT current_setting('statement_timeout') AS timeout, current_setting('transaction_read_only') AS only",
    ),
  );

  expect(rows).toEqual([{ timeout: "0", only: "off" }]);
});

test("a pooler in session mode is a warning", async () => {
  expect(await examine(await startPooler("session"))).toMatchObject({ code: 0, pooler: { status: "warning" } });
});
