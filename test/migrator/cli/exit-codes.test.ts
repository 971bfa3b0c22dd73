import { useTestDatabase } from "../../support/database";
import { runBin, runMigrator, startMigrator, waitUntil, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

const up = (text: string, options = "") => `-- migrate:up ${options}\n${text}\n`;
const good = writeMigrations({ "1_a.sql": up("CREATE TABLE a (id integer);") });
const nowhere = "postgres://api@127.0.0.1:1/orders";

/** What the process ends with, and the error that its last line names. The rest of docs/exit-codes.md: interruption.test.ts. */
test.each<[number, string, string[]]>([
  [0, "", ["up", "--dir", good]],
  [2, "no-directory", ["up", "--dir", "/nowhere/at-all"]],
  [3, "", ["status", "--check", "--dir", good]],
  [4, "no-marker", ["up", "--dir", writeMigrations({ "1_a.sql": "SELECT 1;\n" })]],
  [6, "migration-failed", ["up", "--dir", writeMigrations({ "1_a.sql": up("SELECT 1/0;") })]],
  [7, "unreachable", ["up", "--dir", good, "--database-url", nowhere, "--connect-timeout", "0"]],
  [8, "partial", ["up", "--dir", writeMigrations({ "1_a.sql": up("SELECT 1/0;", "transaction:false") })]],
])("the process ends with %i %s", async (exitCode, error, args) => {
  const { code, stderr } = await runBin([...args, "--no-json"], { DATABASE_URL: database.url });

  expect({ code, last: stderr.trim().split("\n").at(-1)?.trim() }).toEqual({
    code: exitCode,
    last: error && `[${error}, exit ${exitCode}]`,
  });
});

test("the process ends with 1 over what nobody foresaw: a ledger that loses what is written", async () => {
  await runMigrator(["stamp", "head", "--dir", good], { DATABASE_URL: database.url });
  await database.query(
    `DELETE FROM schemagate.migrations;
     CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
     CREATE TRIGGER lose BEFORE INSERT ON schemagate.migrations FOR EACH ROW EXECUTE FUNCTION lose()`,
  );

  const { code, stderr } = await runBin(["up", "--no-json", "--dir", good], { DATABASE_URL: database.url });

  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/\[unexpected, exit 1\]\n$/) });
});

test("the process ends with 5 when another one holds the lock for longer than it may wait", async () => {
  const slow = writeMigrations({ "1_a.sql": up("SELECT pg_sleep(60);") });
  const holder = startMigrator(["up", "--dir", slow], { DATABASE_URL: database.url });
  const sleeping = "SELECT FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'PgSleep'";
  await waitUntil(async () => (await database.query(sleeping, [database.name])).length === 1, "the migration");

  const { code, stderr } = await runBin(["up", "--no-json", "--dir", good, "--lock-wait", "0"], {
    DATABASE_URL: database.url,
  });

  expect({ code, stderr }).toEqual({ code: 5, stderr: expect.stringMatching(/\[[a-z-]+, exit 5\]\n$/) });
  holder.child.kill("SIGTERM");
  await holder.ended;
});
