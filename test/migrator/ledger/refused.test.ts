import { useTestDatabase, withClient } from "../../support/database";
import { jsonLines, runMigrator, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

const dir = writeMigrations({
  "1_a.sql": "-- migrate:up\nCREATE TABLE a (id integer);\n",
  "hooks/afterAll.sql": "SELECT 1;\n",
});

async function fail(command: string, ...args: string[]) {
  const { code, stderr } = await runMigrator([
    command,
    ...args,
    "--json",
    "--dir",
    dir,
    "--database-url",
    database.url,
  ]);
  const failure = jsonLines(stderr).at(-1);
  expect(failure).toMatchObject({ event: "failed", exitCode: code });
  return failure;
}

const refuse = (what: string) =>
  database.query(
    `CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'ask the platform team for %', tg_tag USING HINT = 'Open a ticket.'; END $$;
     CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('${what}') EXECUTE FUNCTION refuse()`,
  );

test.each([["up"], ["stamp", "head"]])(
  "an event trigger that refuses CREATE SCHEMA makes %s fail with its words, and no bug",
  async (command, ...args) => {
    await refuse("CREATE SCHEMA");

    expect(await fail(command, ...args)).toMatchObject({
      ...{ code: "server-refused", exitCode: 6, sqlState: "P0001", serverHint: "Open a ticket." },
      message:
        "the ledger cannot be made in schema schemagate: the server refused: ask the platform team for CREATE SCHEMA",
      hint: expect.stringContaining("--ledger-schema"),
      context: expect.stringContaining("function refuse() line 2 at RAISE"),
    });
    expect(await database.query("SELECT to_regclass('a') AS a, to_regnamespace('schemagate') AS ledger")).toEqual([
      { a: null, ledger: null },
    ]);
  },
);

test("so does one that refuses CREATE TABLE, in a schema that is there", async () => {
  await database.query("CREATE SCHEMA schemagate");
  await refuse("CREATE TABLE");

  expect(await fail("up")).toMatchObject({
    exitCode: 6,
    message: expect.stringContaining("ask the platform team for CREATE TABLE"),
  });
});

test("a timeout of the database that stops a statement of ours is named", async () => {
  await runMigrator(["up", "--dir", dir, "--database-url", database.url]);
  await database.query(`ALTER DATABASE ${database.name} SET statement_timeout = '300ms'`);

  await withClient(database.url, async (client) => {
    await client.query("BEGIN; LOCK TABLE schemagate.migrations");
    expect(await fail("status")).toMatchObject({
      ...{ code: "server-refused", exitCode: 6, sqlState: "57014" },
      hint:
        `statement_timeout is 300ms, set for the database "${database.name}": ` +
        `ALTER DATABASE "${database.name}" RESET statement_timeout. Then run it again.`,
    });
  });
});

test("a server that takes no writes has its own remedy", async () => {
  await database.query(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);

  expect(await fail("up")).toMatchObject({
    ...{ code: "read-only", exitCode: 6, sqlState: "25006" },
    message: expect.stringMatching(
      /^the ledger cannot be made in schema schemagate: the server refused: cannot execute/,
    ),
  });
});

test("a trigger of somebody on the ledger that refuses a row is no bug either", async () => {
  await runMigrator(["up", "--dir", dir, "--database-url", database.url]);
  await database.query(
    `CREATE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the ledger is frozen'; END $$;
     CREATE TRIGGER refuse_row BEFORE INSERT OR DELETE ON schemagate.migrations FOR EACH ROW EXECUTE FUNCTION refuse_row()`,
  );
  const more = writeMigrations({
    "1_a.sql": "-- migrate:up\nCREATE TABLE a (id integer);\n",
    "2_b.sql": "-- migrate:up\nSELECT 1;\n",
    "hooks/afterAll.sql": "SELECT 1;\n",
  });

  const up = await runMigrator(["up", "--no-json", "--dir", more, "--database-url", database.url]);
  expect(up).toMatchObject({
    code: 6,
    stderr: expect.stringContaining("error: the server refused: the ledger is frozen"),
  });
  expect(up.stderr).toContain("context: PL/pgSQL function refuse_row() line 1 at RAISE");
  expect(await fail("stamp", "base", "--yes")).toMatchObject({
    exitCode: 6,
    message: "the server refused: the ledger is frozen",
  });
});
