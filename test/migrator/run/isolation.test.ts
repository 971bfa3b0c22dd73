import { splitStatements } from "../../../migrator/source/statements";
import { useTestDatabase, withClient } from "../../support/database";
import { runMigrator, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

function up(files: Readonly<Record<string, string>>, ...more: string[]) {
  const dir = writeMigrations(files);
  return runMigrator(["up", "--no-json", "--dir", dir, "--database-url", database.url, ...more]);
}

/** Keeps what a transaction is, as the server says it. */
const note = "CREATE TABLE found AS SELECT current_setting('transaction_isolation') AS isolation";

const isolations = () => database.query("SELECT isolation FROM found");

describe("the first statement of a transaction decides how isolated it is", () => {
  test.each([
    ["SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "repeatable read"],
    ["SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ WRITE, DEFERRABLE", "serializable"],
    [
      "/* all of it sees one state */\n-- of the data\nSET transaction_isolation TO 'repeatable read'",
      "repeatable read",
    ],
    ["SET LOCAL search_path = public;\nSET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "serializable"],
  ])("in SQL: %s", async (first, isolation) => {
    expect(await up({ "1_first.sql": `-- migrate:up\n${first};\n${note};\n` })).toMatchObject({ code: 0, stderr: "" });
    expect(await isolations()).toEqual([{ isolation }]);
  });

  test("in a module, in a long section and in a batch", async () => {
    const set = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ";
    const insert = "INSERT INTO found SELECT current_setting('transaction_isolation')";
    const long = `${set};\n${insert};\n${"SELECT 1; -- a statement that does nothing\n".repeat(40_000)}`;

    const result = await up({
      "1_module.ts": `export async function up({ client }: any) {
        await client.query("${set}");
        await client.query("${note}");
      }`,
      "2_long.sql": `-- migrate:up\n${long}`,
      "3_batches.ts": `export const batches = {
        next: async (client: any, last: number | undefined) => (last === undefined ? [1] : []),
        apply: async (client: any) => {
          await client.query("${set}");
          await client.query("${insert}");
        },
      };`,
    });

    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(await isolations()).toEqual(Array(3).fill({ isolation: "repeatable read" }));
  });

  test("and it ends with its migration", async () => {
    const result = await up({
      "1_first.sql": "-- migrate:up\nSET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nSELECT 1;\n",
      "2_next.sql": `-- migrate:up\n${note};\n`,
    });

    expect(result.code).toBe(0);
    expect(await isolations()).toEqual([{ isolation: "read committed" }]);
  });
});

test("in a script for an administrator it is the first statement too", async () => {
  const set = "-- one state of the data\nSET TRANSACTION ISOLATION LEVEL REPEATABLE READ;";
  const dir = writeMigrations({ "1_first.sql": `-- migrate:up\n${set}\n${note};\n` });
  const { stdout } = await runMigrator(["up", "--sql", "--dir", dir]);

  // One by one, as psql sends them.
  const section = { sql: stdout, firstLine: 1, transaction: false };
  const script = { kind: "sql", name: "script", file: "script.sql", checksum: "", up: section } as const;
  await withClient(database.url, async (client) => {
    for (const { sql } of await splitStatements(script, section)) {
      await client.query(sql);
    }
  });

  expect(await isolations()).toEqual([{ isolation: "repeatable read" }]);
  expect(await up({ "1_first.sql": `-- migrate:up\n${set}\n${note};\n` })).toMatchObject({ code: 0, stderr: "" });
});

test("a transaction that was ended is noticed whatever is set or reset in it", async () => {
  expect(await up({ "1_reset.sql": `-- migrate:up\nRESET ALL;\n${note};\nRESET ALL;\n` })).toMatchObject({ code: 0 });

  const ended = await up({
    "1_reset.sql": `-- migrate:up\nRESET ALL;\n${note};\nRESET ALL;\n`,
    "2_again.ts": `export async function up({ client }: any) {
      await client.query("CREATE TABLE half (id integer)");
      await client.query("COMMIT AND CHAIN");
      await client.query("CREATE TABLE other_half (id integer)");
    }`,
  });

  expect(ended).toMatchObject({ code: 8, stderr: expect.stringContaining("[transaction-ended, exit 8]") });
});

describe("a hint fits its SQLSTATE:", () => {
  const set = "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;";
  const commits = "DO $$ BEGIN COMMIT; END $$;";

  test.each([
    ["a query before SET TRANSACTION", `SELECT 1;\n${set}`, "SET TRANSACTION is the first statement"],
    ["a savepoint before it", `SAVEPOINT s;\n${set}`, "SET TRANSACTION is the first statement"],
    [
      "another snapshot, late",
      "SELECT 1;\nSET TRANSACTION SNAPSHOT '1-1-1';",
      "SET TRANSACTION is the first statement",
    ],
    ["CREATE DATABASE", "CREATE DATABASE other;", "PostgreSQL runs this statement only outside a transaction"],
    ["COMMIT in a DO block", commits, "COMMIT and ROLLBACK in a procedure or a DO block need"],
    [
      "COMMIT in a procedure",
      "CREATE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN ROLLBACK; END';\nCALL p();",
      "`-- migrate:up transaction:false`; in a module `export const transaction = false`",
    ],
  ])("%s", async (_, sql, hint) => {
    expect(await up({ "1_hint.sql": `-- migrate:up\n${sql}\n` })).toMatchObject({
      code: 6,
      stderr: expect.stringContaining(hint),
    });
  });

  test("below an EXCEPTION block a COMMIT has no place without a transaction either", async () => {
    const block = "DO $$ BEGIN BEGIN COMMIT; EXCEPTION WHEN division_by_zero THEN NULL; END; END $$;";

    expect(await up({ "1_block.sql": `-- migrate:up transaction:false\n${block}\n` })).toMatchObject({
      code: 8,
      stderr: expect.stringContaining("a block with EXCEPTION are in the way too"),
    });
    expect(await up({ "1_block.sql": `-- migrate:up transaction:false\n${commits}\n` })).toMatchObject({ code: 0 });
  });
});

describe("what would do nothing, or not what it says, is refused before anything runs:", () => {
  test.each([
    ["", "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE;", "transaction-setting"],
    ["", "SET default_transaction_isolation = 'serializable';", "transaction-setting"],
    ["", "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY;", "transaction-setting"],
    ["", "SET transaction_read_only = on;", "transaction-setting"],
    ["", "BEGIN ISOLATION LEVEL REPEATABLE READ;", "transaction-control"],
    [" transaction:false", "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;", "needs-transaction"],
    [" transaction:false", "SET transaction_isolation = 'serializable';", "needs-transaction"],
    [" transaction:false", "SET LOCAL lock_timeout = '1s';", "needs-transaction"],
    [" transaction:false", "SET CONSTRAINTS ALL DEFERRED;", "needs-transaction"],
    [" transaction:false", "LOCK TABLE t;", "needs-transaction"],
    [" transaction:false", "BEGIN;\nCOMMIT;\nSET LOCAL lock_timeout = '1s';", "needs-transaction"],
  ])("%s %s", async (options, sql, code) => {
    const result = await up({
      "1_first.sql": "-- migrate:up\nCREATE TABLE t ();\n",
      "2_bad.sql": `-- migrate:up${options}\n${sql}\n`,
    });

    expect(result).toMatchObject({ code: 4, stderr: expect.stringContaining(`[${code}`) });
    expect(await database.query("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
  });

  test.each([
    ["", "SET TRANSACTION READ WRITE;"],
    ["", "SET transaction_read_only = off;"],
    ["", "SET default_transaction_read_only = off;"],
    [
      " transaction:false",
      "BEGIN ISOLATION LEVEL SERIALIZABLE;\nSET LOCAL lock_timeout = '1s';\nSET CONSTRAINTS ALL DEFERRED;\nCOMMIT;",
    ],
    [" transaction:false", "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE;"],
  ])("but not%s %s", async (options, sql) => {
    expect(await up({ "1_good.sql": `-- migrate:up${options}\n${sql}\n` })).toMatchObject({ code: 0, stderr: "" });
  });
});
