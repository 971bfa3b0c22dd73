import { join } from "node:path";
import { createTestDatabase, serverUrl, type TestDatabase } from "../../support/database";
import { type Ended, jsonLines, makeDirectory, runBin, runMigrator, writeMigrations } from "../../support/migrator";
import { startPgbouncer, type TestPooler } from "../../support/pgbouncer";
import { startProxy } from "../../support/proxy";

const herdSize = 20;
const dir = writeMigrations({
  "1_a.sql": "-- migrate:up\nUPDATE balance SET amount = amount + 10;\n",
  "2_b.sql": "-- migrate:up\nUPDATE balance SET amount = amount + 10;\n",
});

let database: TestDatabase;
let pooler: TestPooler;
/** Behind a pool that is too small, which takes its time to show: beside the other tests. */
let tooSmall: { readonly database: TestDatabase; readonly pooler: TestPooler; readonly run: Promise<Ended> };

async function createBalance(): Promise<TestDatabase> {
  const made = await createTestDatabase();
  await made.query("CREATE TABLE balance AS SELECT 0 AS amount");
  return made;
}

beforeAll(async () => {
  const own = {
    database: await createBalance(),
    pooler: await startPgbouncer(serverUrl(), { pool_mode: "session", default_pool_size: "1" }),
  };
  tooSmall = { ...own, run: up(own) };
});

afterAll(async () => {
  await tooSmall.pooler.stop();
  await tooSmall.database.drop();
});

beforeEach(async () => {
  database = await createBalance();
});

afterEach(async () => {
  await pooler?.stop();
  await database.drop();
});

function up(behind = { pooler, database }) {
  const url = behind.pooler.through(behind.database.url);
  return runMigrator(["up", "--no-json", "--dir", dir, "--database-url", url]);
}

async function expectUntouched({ query } = database): Promise<void> {
  expect(await query("SELECT amount FROM balance")).toEqual([{ amount: 0 }]);
  expect(await query("SELECT to_regnamespace('schemagate') AS found")).toEqual([{ found: null }]);
  expect(
    await query(
      "SELECT FROM pg_locks JOIN pg_database d ON d.oid = database WHERE locktype = 'advisory' AND datname = current_database()",
    ),
  ).toEqual([]);
}

test.each([
  ["the process used last goes to the next one", { server_round_robin: "0" }],
  ["the processes take turns", { server_round_robin: "1" }],
  ["there is only one process", { default_pool_size: "1" }],
])(
  "INV-7: a pooler in transaction mode is refused, port 5432 named and nothing left behind: %s",
  async (_, settings) => {
    pooler = await startPgbouncer(serverUrl(), { pool_mode: "transaction", ...settings });

    const result = await up();

    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining("[pooler, exit 2]") });
    expect(result.stderr).toContain("a pooler in transaction mode sits between this run and the database (127.0.0.1:");
    expect(result.stderr).toContain("port 5432");
    await expectUntouched();
  },
);

test("a pooler in statement mode is refused like one in transaction mode", async () => {
  pooler = await startPgbouncer(serverUrl(), { pool_mode: "statement" });

  expect(await up()).toMatchObject({ code: 2, stderr: expect.stringContaining("[pooler, exit 2]") });
  await expectUntouched();
});

test.each([
  ["a small pool", "3"],
  ["a large one", "40"],
])("twenty processes behind a pooler in transaction mode with %s all exit 2", async (_, size) => {
  pooler = await startPgbouncer(serverUrl(), { pool_mode: "transaction", default_pool_size: size });

  const herd = await Promise.all(Array.from({ length: herdSize }, () => up()));

  expect(herd.map(({ code, stderr }) => (code === 2 ? 2 : stderr))).toEqual(Array(herdSize).fill(2));
  await expectUntouched();
});

test("a pooler in session mode works", async () => {
  pooler = await startPgbouncer(serverUrl(), { pool_mode: "session" });

  expect(await up()).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("2 migrations applied") });
  expect(await database.query("SELECT amount FROM balance")).toEqual([{ amount: 20 }]);
});

test("twenty processes behind a pooler in session mode apply everything once", async () => {
  pooler = await startPgbouncer(serverUrl(), { pool_mode: "session", default_pool_size: "45" });

  const herd = await Promise.all(Array.from({ length: herdSize }, () => up()));

  expect(herd.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual(Array(herdSize).fill(0));
  expect(await database.query("SELECT amount FROM balance")).toEqual([{ amount: 20 }]);
});

test("a pool in session mode that is too small for the proof exits 2 and says so", async () => {
  expect(await tooSmall.run).toMatchObject({ code: 2, stderr: expect.stringContaining("[pooler-unproven, exit 2]") });
  await expectUntouched(tooSmall.database);
});

describe("with nothing pending", () => {
  beforeEach(() => runMigrator(["up", "--dir", dir, "--database-url", database.url]));

  const start = (from: string, url: string) => runMigrator(["up"], { DATABASE_URL: url, SCHEMAGATE_DIR: from });
  const warnings = ({ stderr }: { stderr: string }) => jsonLines(stderr).map(({ code, hint }) => ({ code, hint }));
  const warned = [{ code: "pooler", hint: expect.stringContaining("in transaction mode it is refused") }];

  test.each(["transaction", "session", "statement"])(
    "a run passes through a pooler in %s mode, takes no lock, and warns of it",
    async (mode) => {
      pooler = await startPgbouncer(serverUrl(), { pool_mode: mode });

      const ended = await start(dir, pooler.through(database.url));

      expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('"migrations":[]') });
      expect(warnings(ended)).toEqual(warned);
    },
  );

  test("so does a start of a sealed set, and asks one thing as ever", async () => {
    const sealed = join(makeDirectory(), "sealed");
    await runMigrator(["seal", "--dir", dir, "--out", sealed]);
    pooler = await startPgbouncer(serverUrl(), { pool_mode: "transaction" });
    const asked: string[] = [];
    const proxy = await startProxy(pooler.through(database.url), {
      decide: (message) => {
        asked.push(message);
        return "pass";
      },
    });

    const ended = await start(sealed, proxy.through(database.url));

    await proxy.close();
    expect(ended.code).toBe(0);
    expect(warnings(ended)).toEqual(warned);
    expect(asked.filter((message) => /^[QPBE]/.test(message))).toHaveLength(1);
  });

  test("a run at the server itself warns of nothing", async () => {
    expect(await start(dir, database.url)).toMatchObject({ code: 0, stderr: "" });
  });

  test("down with nothing to revert warns of it, too", async () => {
    await database.query("DELETE FROM schemagate.migrations");
    pooler = await startPgbouncer(serverUrl(), { pool_mode: "transaction" });

    const args = ["down", "--json", "--dir", dir, "--database-url", pooler.through(database.url)];
    const ended = await runMigrator(args);

    expect(ended.code).toBe(0);
    expect(warnings(ended)).toEqual(warned);
  });
});

test("a startup parameter that the pooler does not know exits 7 and names the remedy", async () => {
  pooler = await startPgbouncer(serverUrl(), { pool_mode: "session" });

  const result = await runBin(["up", "--no-json", "--dir", dir, "--database-url", pooler.through(database.url)], {
    PGOPTIONS: "-c work_mem=1MB",
  });

  expect(result).toMatchObject({ code: 7, stderr: expect.stringContaining("ignore_startup_parameters") });
});
