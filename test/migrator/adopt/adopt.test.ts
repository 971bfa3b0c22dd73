import { adopt } from "../../../migrator/cli/commands/adopt";
import { Output } from "../../../migrator/cli/output";
import { withLock } from "../../../migrator/lock/lock";
import { type TestDatabase, withClient } from "../../support/database";
import { behindTarget, jsonLines, runMigrator } from "../../support/migrator";
import {
  createAdoptedDatabase,
  events,
  fixture,
  isUntouched,
  problemsOf,
  readLedger,
  run,
  writeNamed,
} from "./support";

const names = ["20260101080000_create_customers", "20260102080000_create_orders", "20260103080000_add_orders_total"];

let database: TestDatabase;

afterEach(() => database.drop());

async function refused(ended: ReturnType<typeof run>, code: number, ...problems: readonly object[]): Promise<void> {
  const result = await ended;
  expect(result.code).toBe(code);
  expect(problemsOf(result)).toMatchObject(problems);
  expect(await isUntouched(database)).toBe(true);
}

const message = (text: string | RegExp) => expect.stringMatching(text);

test("without a terminal it needs --yes: the mapping is shown, nothing is written, exit 2", async () => {
  database = await createAdoptedDatabase("dbmate");

  const ended = run(database, writeNamed(...names), "adopt", "--from", "dbmate");

  await refused(ended, 2, {
    code: "not-agreed",
    message: message("3 migrations would be recorded"),
    hint: message("--yes"),
  });
  expect(events(await ended, "adopt-mapping")).toMatchObject([{ toRecord: names }]);
});

test("--dry-run shows the mapping and writes nothing", async () => {
  database = await createAdoptedDatabase("dbmate");

  const ended = await run(database, writeNamed(...names), "adopt", "--from", "dbmate", "--dry-run");

  expect(ended).toMatchObject({ code: 0, stderr: "" });
  expect(events(ended, "adopt-mapping")).toMatchObject([{ dryRun: true, toRecord: names, problems: [] }]);
  expect(events(ended, "adopted")).toEqual([]);
  expect(await isUntouched(database)).toBe(true);
});

test("prints the mapping as a table, with what has no counterpart on either side", async () => {
  database = await createAdoptedDatabase("knex");
  await database.query("UPDATE knex_migrations SET migration_time = '2026-01-31 12:00:00Z'");
  const dir = writeNamed(...names.slice(0, 2), "20260301000000_new");

  const { code, stdout, stderr } = await behindTarget(
    runMigrator(["adopt", "--from", "knex", "--dir", dir, "--database-url", database.url, "--no-json"]),
  );

  expect(code).toBe(4);
  expect(stdout).toBe(`\
knex: public.knex_migrations        applied (UTC)        here                             why
20260101080000_create_customers.js  2026-01-31 12:00:00  20260101080000_create_customers  same number
20260102080000_create_orders.js     2026-01-31 12:00:00  20260102080000_create_orders     same number
20260103080000_add_orders_total.js  2026-01-31 12:00:00  -                                no counterpart here
                                                         20260301000000_new               not applied there: stays pending
`);
  expect(stderr).toMatch(
    "error: 20260103080000_add_orders_total.js is applied according to public.knex_migrations, but no migration here has its number or its name",
  );
  expect(stderr).toContain("[unmatched, exit 4]");
  expect(await isUntouched(database)).toBe(true);
});

test("everything applied there without a counterpart here is reported at once", async () => {
  database = await createAdoptedDatabase("prisma-failed");
  await database.query("DELETE FROM _prisma_migrations WHERE migration_name LIKE '%create_customers'");

  const ended = run(database, writeNamed("20250101000000_other"), "adopt", "--from", "prisma", "--yes");

  await refused(
    ended,
    4,
    { code: "failed-there", message: message("20260104080000_add_broken failed or is under way") },
    { code: "unmatched", message: message("20260102080000_create_orders is applied") },
    { code: "unmatched", message: message("20260103080000_add_orders_total is applied") },
  );
});

test("a second run finds nothing to adopt, also after further migrations were applied", async () => {
  database = await createAdoptedDatabase("dbmate");
  const dir = writeNamed(...names, "20260301000000_new");
  const first = await run(database, dir, "adopt", "--from", "dbmate", "--yes");
  expect(events(first, "adopted")).toMatchObject([{ migrations: names, pending: ["20260301000000_new"] }]);

  const second = await run(database, dir, "adopt", "--from", "dbmate");
  expect(second).toMatchObject({ code: 0, stderr: "" });
  expect(events(second, "adopted")).toMatchObject([{ migrations: [] }]);

  await run(database, dir, "up");
  const third = await run(database, dir, "adopt", "--from", "dbmate");
  expect(third).toMatchObject({ code: 0, stderr: "" });
  expect(events(third, "adopted")).toMatchObject([{ migrations: [], pending: [] }]);
  expect(await database.query("SELECT count(*)::int AS adopted FROM schemagate.runs WHERE action = 'adopt'")).toEqual([
    { adopted: 3 },
  ]);
});

test("replicas that adopt at once record everything once, and all of them end well", async () => {
  database = await createAdoptedDatabase("dbmate");
  const dir = writeNamed(...names);

  const ended = await Promise.all(names.map(() => run(database, dir, "adopt", "--from", "dbmate", "--yes")));

  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(ended.flatMap((each) => events(each, "adopted").flatMap(({ migrations }) => migrations)).sort()).toEqual(
    names,
  );
  expect(await database.query("SELECT name FROM schemagate.runs ORDER BY id")).toEqual(names.map((name) => ({ name })));
});

test("fails when the ledger already holds something else", async () => {
  database = await createAdoptedDatabase("dbmate");
  const dir = writeNamed(...names);
  await run(database, dir, "adopt", "--from", "dbmate", "--yes");
  await database.query(`DELETE FROM schemagate.migrations WHERE name = '${names[2]}'`);
  await database.query(`UPDATE schemagate.migrations SET checksum = 'sha256:0' WHERE name = '${names[0]}'`);
  const before = await readLedger(database);

  const ended = await run(database, dir, "adopt", "--from", "dbmate", "--yes");

  expect(ended.code).toBe(4);
  expect(problemsOf(ended)).toMatchObject([
    {
      code: "ledger-filled",
      message: `the ledger in schema schemagate holds 2 already and differs: ${names[0]} is in it with another checksum; ${names[2]} is not in it`,
    },
  ]);
  expect(await readLedger(database)).toEqual(before);
});

test("a table that says nothing is applied leaves nothing to adopt", async () => {
  database = await createAdoptedDatabase("dbmate");
  await database.query("DELETE FROM schema_migrations");

  const ended = await run(database, writeNamed(...names), "adopt", "--from", "dbmate", "--yes");

  expect(ended).toMatchObject({ code: 0, stderr: "" });
  expect(events(ended, "adopted")).toMatchObject([{ migrations: [], pending: names }]);
  expect(await isUntouched(database)).toBe(true);
});

test("fails when the table is not there, and names the same table in another schema", async () => {
  database = await createAdoptedDatabase("knex");
  const dir = writeNamed(...names);

  await refused(run(database, dir, "adopt", "--from", "umzug", "--yes"), 2, {
    code: "no-table",
    message: message(/^there is no table SequelizeMeta in database "test_\w+": umzug keeps there what it applied/),
    hint: message("--table NAME"),
  });
  await database.query("CREATE SCHEMA old; ALTER TABLE knex_migrations SET SCHEMA old");
  await refused(run(database, dir, "adopt", "--from", "knex", "--yes"), 2, {
    code: "no-table",
    hint: "There is one in another schema: --table old.knex_migrations.",
  });
  expect(await run(database, dir, "adopt", "--from", "knex", "--table", "old.knex_migrations", "--yes")).toMatchObject({
    code: 0,
  });
});

test("takes a table whose name needs quotes", async () => {
  database = await createAdoptedDatabase("dbmate");
  await database.query(`CREATE SCHEMA "My.App"; ALTER TABLE schema_migrations SET SCHEMA "My.App"`);
  await database.query(`ALTER TABLE "My.App".schema_migrations RENAME TO "applied; DROP TABLE ""orders"""`);

  const ended = await run(
    database,
    writeNamed(...names),
    "adopt",
    ...["--from", "dbmate", "--table", `"My.App"."applied; DROP TABLE ""orders"""`, "--yes"],
  );

  expect(ended).toMatchObject({ code: 0, stderr: "" });
  expect(await readLedger(database)).toHaveLength(3);
});

test("fails when the table is another tool's of the same name", async () => {
  database = await createAdoptedDatabase("golang-migrate");

  await refused(run(database, writeNamed(...names), "adopt", "--from", "dbmate", "--yes"), 2, {
    code: "table-shape",
    message: "table public.schema_migrations (version, dirty) is not one of dbmate: it has a column dirty",
    hint: "It looks like one of golang-migrate: --from golang-migrate.",
  });
  await database.query("ALTER TABLE schema_migrations DROP COLUMN dirty");
  await refused(run(database, writeNamed(...names), "adopt", "--from", "golang-migrate", "--yes"), 2, {
    code: "table-shape",
    message: message("it has no column dirty"),
  });
});

test("fails when this role may not read the table", async () => {
  database = await createAdoptedDatabase("dbmate");
  await database.query(`CREATE ROLE ${database.name} LOGIN PASSWORD 'x'`);
  const url = new URL(database.url);
  [url.username, url.password] = [database.name, "x"];

  await refused(run({ ...database, url: url.href }, writeNamed(...names), "adopt", "--from", "dbmate", "--yes"), 2, {
    code: "table-unreadable",
    hint: message("SELECT"),
  });

  await database.query(`DROP ROLE ${database.name}`);
});

test("fails when golang-migrate's version is dirty", async () => {
  database = await createAdoptedDatabase("golang-migrate");
  await database.query("UPDATE schema_migrations SET dirty = true");

  await refused(run(database, writeNamed("1_a", "2_b", "3_c"), "adopt", "--from", "golang-migrate", "--yes"), 4, {
    code: "dirty",
    message: message("version 3 is dirty"),
    hint: message("migrate force"),
  });
});

test("fails when a migration of Flyway failed", async () => {
  database = await createAdoptedDatabase("flyway");
  await database.query("UPDATE flyway_schema_history SET success = false WHERE version = '3'");

  await refused(run(database, writeNamed("1_a", "2_b"), "adopt", "--from", "flyway", "--yes"), 4, {
    code: "failed-there",
    message: message('migration 3 "add orders total" failed'),
    hint: message("flyway repair"),
  });
});

test("fails when a baseline of Flyway has no migration here", async () => {
  database = await createAdoptedDatabase("flyway-eventful");

  await refused(run(database, writeNamed("3_add_orders_total"), "adopt", "--from", "flyway", "--yes"), 4, {
    code: "unmatched",
    message: message("^2 is applied"),
  });
});

test("fails when knex is locked", async () => {
  database = await createAdoptedDatabase("knex");
  await database.query("UPDATE knex_migrations_lock SET is_locked = 1");

  await refused(run(database, writeNamed(...names), "adopt", "--from", "knex", "--yes"), 4, {
    code: "locked",
    message: message("public.knex_migrations_lock is locked"),
  });
});

test("fails when a migration of Prisma failed and was not resolved", async () => {
  database = await createAdoptedDatabase("prisma-failed");

  await refused(run(database, writeNamed(...names), "adopt", "--from", "prisma", "--yes"), 4, {
    code: "failed-there",
    hint: message('prisma migrate resolve --applied or --rolled-back "20260104080000_add_broken"'),
  });
});

test("fails when nothing tells what Drizzle's hashes are", async () => {
  database = await createAdoptedDatabase("drizzle");
  const dir = writeNamed(...names);

  await refused(run(database, dir, "adopt", "--from", "drizzle", "--yes"), 2, {
    code: "no-journal",
    hint: message("--journal .* --to NAME"),
  });
  await refused(run(database, dir, "adopt", "--from", "drizzle", "--journal", fixture("drizzle.sql"), "--yes"), 2, {
    code: "bad-journal",
  });
});

test("fails when nothing tells on what Alembic's heads stand", async () => {
  database = await createAdoptedDatabase("alembic");
  const dir = writeNamed(...names);
  const adoptWith = (versions: string) =>
    run(database, dir, "adopt", "--from", "alembic", "--versions", versions, "--yes");

  await refused(run(database, dir, "adopt", "--from", "alembic", "--yes"), 2, { code: "no-versions" });
  await refused(adoptWith(dir), 2, { code: "bad-versions", message: message("holds no file with a revision") });
  await refused(adoptWith("/nowhere/at-all"), 2, { code: "bad-versions", message: message("cannot be read") });
  await refused(adoptWith(fixture("alembic-heads-versions")), 4, {
    code: "unknown-revision",
    message: message("revision 49b247dc8f76, which public.alembic_version names, is in no file"),
  });
});

test("fails when Alembic's branches have more than one order and names do not tell", async () => {
  database = await createAdoptedDatabase("alembic-heads");
  const dir = writeNamed("1_a", "2_b", "3_c");
  const versions = fixture("alembic-heads-versions");

  await refused(
    run(database, dir, "adopt", "--from", "alembic", "--versions", versions, "--yes"),
    4,
    { code: "unmatched", message: message('c2c7a8dc4ba8 "create customers"') },
    { code: "unmatched", hint: message("--to NAME") },
    { code: "unmatched" },
  );
  expect(
    await run(database, dir, "adopt", "--from", "alembic", "--versions", versions, "--to", "3_c", "--yes"),
  ).toMatchObject({ code: 0 });
});

test("fails when --to names no migration, or says something else than the numbers", async () => {
  database = await createAdoptedDatabase("dbmate");
  const dir = writeNamed(...names, "20260301000000_new");

  await refused(run(database, dir, "adopt", "--from", "dbmate", "--to", "nothing", "--yes"), 2, {
    code: "unknown-name",
  });
  await refused(run(database, dir, "adopt", "--from", "dbmate", "--to", "20260301000000", "--yes"), 4, {
    code: "to-differs",
    message: `--to says that all is applied up to 20260301000000_new, public.schema_migrations says up to ${names[2]}`,
  });
});

test("fails when --from is missing or unknown", async () => {
  database = await createAdoptedDatabase("dbmate");
  const dir = writeNamed(...names);

  await refused(run(database, dir, "adopt", "--yes"), 2, { code: "no-tool", hint: message("alembic\\|flyway") });
  await refused(run(database, dir, "adopt", "--from", "liquibase"), 2, { code: "bad-option" });
  await refused(run(database, dir, "adopt", "--from", "dbmate", "--table", "a.b.c"), 2, { code: "bad-option" });
});

test("fails when the migrations here are wrong, with their problems", async () => {
  database = await createAdoptedDatabase("dbmate");

  const dir = writeNamed(...names, "20260103080000_same_number");
  await refused(run(database, dir, "adopt", "--from", "dbmate", "--yes"), 4, { code: "duplicate-version" });
});

test("warns of migrations that will be out of order", async () => {
  database = await createAdoptedDatabase("dbmate");
  await database.query("DELETE FROM schema_migrations WHERE version = '20260102080000'");

  const ended = await run(database, writeNamed(...names), "adopt", "--from", "dbmate", "--dry-run");

  expect(events(ended, "adopt-mapping")).toMatchObject([
    { pending: [names[1]], warnings: [{ code: "out-of-order", message: message(`${names[1]}`) }] },
  ]);
});

test("a ledger that cannot take all of it takes nothing", async () => {
  database = await createAdoptedDatabase("dbmate");
  const dir = writeNamed(...names);
  await run(database, dir, "adopt", "--from", "dbmate", "--yes");
  await database.query("TRUNCATE schemagate.migrations, schemagate.runs");
  await database.query(`ALTER TABLE schemagate.migrations ADD CHECK (name <> '${names[2]}')`);

  expect(await run(database, dir, "adopt", "--from", "dbmate", "--yes")).toMatchObject({ code: 6 });

  expect(await readLedger(database)).toEqual([]);
  expect(await database.query("SELECT * FROM schemagate.runs")).toEqual([]);
});

test("fails when another run holds the lock for longer than the lock wait", async () => {
  database = await createAdoptedDatabase("dbmate");
  const options = {
    ledgerSchema: "schemagate",
    waitMs: 0,
    signal: new AbortController().signal,
    onWaiting: () => undefined,
  };

  const ended = await withClient(database.url, (client) =>
    withLock(client, options, () =>
      run(database, writeNamed(...names), "adopt", "--from", "dbmate", "--yes", "--lock-wait", "0"),
    ),
  );

  expect(ended.code).toBe(5);
  expect(await isUntouched(database)).toBe(true);
});

describe("on a terminal", () => {
  async function adoptAsking(ask: (question: string) => Promise<boolean>) {
    const printed: string[] = [];
    const line = (text: string) => void printed.push(text);
    const output = new Output({ out: line, err: line }, true, false);
    const exitCode = adopt.run(
      { from: "dbmate", dir: writeNamed(...names), databaseUrl: database.url },
      {
        env: {},
        output,
        report: output.event,
        signal: new AbortController().signal,
        args: [],
        ask,
      },
    );
    return { exitCode, printed };
  }

  test("it asks, and records after a yes", async () => {
    database = await createAdoptedDatabase("dbmate");
    const asked: string[] = [];

    const { exitCode } = await adoptAsking(async (question) => asked.push(question) > 0);

    expect(await exitCode).toBe(0);
    expect(asked).toEqual(["Record 3 migrations as applied? public.schema_migrations stays as it is."]);
    expect(await readLedger(database)).toHaveLength(3);
  });

  test("it writes nothing after a no", async () => {
    database = await createAdoptedDatabase("dbmate");

    const { exitCode, printed } = await adoptAsking(async () => false);

    expect(await exitCode).toBe(0);
    expect(jsonLines(printed.join("\n")).at(-1)).toMatchObject({ event: "adopted", migrations: [] });
    expect(await isUntouched(database)).toBe(true);
  });

  test("fails when the other tool went on while it asked", async () => {
    database = await createAdoptedDatabase("dbmate");

    const { exitCode } = await adoptAsking(async () => {
      await database.query("DELETE FROM schema_migrations WHERE version = '20260103080000'");
      return true;
    });

    await expect(exitCode).rejects.toMatchObject({ code: "changed-meanwhile", exitCode: 4 });
    expect(await isUntouched(database)).toBe(true);
  });
});
