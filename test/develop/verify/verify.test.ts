import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Finding, VerifiedMigration } from "../../../develop/verify/finding";
import { runVerify } from "../../../develop/verify/run";
import { createTestDatabase, type TestDatabase } from "../../support/database";
import { makeDirectory } from "../../support/migrator";
import { besideTarget, quietContext, waitForNone } from "../support/scratch";

let target: TestDatabase;

beforeAll(async () => {
  target = await createTestDatabase();
});

afterAll(() => target.drop());

function write(files: Readonly<Record<string, string>>): string {
  const dir = makeDirectory();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return dir;
}

const sql = (up: string, down?: string) =>
  `-- migrate:up\n${up};\n${down === undefined ? "" : `-- migrate:down\n${down};\n`}`;
const free = (up: string, down: string) =>
  `-- migrate:up transaction:false\n${up};\n-- migrate:down transaction:false\n${down};\n`;

const good = {
  "1_orders.sql": sql("CREATE TABLE orders (id integer PRIMARY KEY, total numeric)", "DROP TABLE orders"),
  "2_note.sql": sql("ALTER TABLE orders ADD COLUMN note text DEFAULT ''", "ALTER TABLE orders DROP COLUMN note"),
};

async function verify(files: Readonly<Record<string, string>>, more: { from?: string; withData?: string[] } = {}) {
  const told: VerifiedMigration[] = [];
  const options = { ...besideTarget(target.url), dir: write(files), ledgerSchema: "schemagate", ...more };
  const verified = await runVerify(options, quietContext(), (migration) => told.push(migration));
  expect(told).toEqual(verified.migrations);
  return {
    results: verified.migrations.map(({ name, result }) => `${name} ${result}`),
    codes: verified.migrations.flatMap(({ name, findings }) => findings.map(({ code }) => `${name} ${code}`)),
    lines: linesOf(verified.migrations.flatMap(({ findings }) => findings)),
    whole: verified.findings.map(({ code }) => code),
    wholeLines: linesOf(verified.findings),
    revertedTo: verified.revertedTo,
  };
}

const linesOf = (findings: readonly Finding[]) => findings.flatMap(({ lines }) => lines).join("\n");

/** Writes a file of rows. */
function rows(text: string): string {
  return join(write({ "rows.sql": text }), "rows.sql");
}

test("migrations of every kind that go up, down and up again are good, and nothing is left behind", async () => {
  const found = await verify({
    ...good,
    "3_index.sql": free(
      "CREATE INDEX CONCURRENTLY orders_note ON orders (note)",
      "DROP INDEX CONCURRENTLY orders_note",
    ),
    "4_code.ts": `export const up = ({ client }) => client.query("CREATE VIEW totals AS SELECT total FROM orders");
      export const down = ({ client }) => client.query("DROP VIEW totals");`,
    "5_batches.ts": `export const batches = {
        next: async (client, last = 0) =>
          (await client.query("SELECT id FROM orders WHERE id > $1 ORDER BY id LIMIT 2", [last])).rows.map(({ id }) => id),
        apply: (client, ids) => client.query("UPDATE orders SET total = total WHERE id = ANY ($1)", [ids]),
      };
      export const down = async () => undefined;`,
    "6_pair.up.sql": "CREATE TABLE paired ();\n",
    "6_pair.down.sql": "DROP TABLE paired;\n",
    "repeatable/busy.sql": "CREATE OR REPLACE VIEW busy AS SELECT id, note FROM orders;\n",
    "hooks/beforeAll.sql": "CREATE SCHEMA IF NOT EXISTS extensions;\n",
    "hooks/afterAll.sql": "GRANT SELECT ON busy, paired TO public;\n",
  });

  expect(found).toMatchObject({ codes: [], whole: [], revertedTo: undefined });
  expect(found.results).toHaveLength(6);
  expect(found.results.every((result) => result.endsWith(" verified"))).toBe(true);
  await waitForNone("verify");
  expect(await target.query("SELECT to_regclass('orders') AS orders, to_regnamespace('schemagate') AS ledger")).toEqual(
    [{ orders: null, ledger: null }],
  );
});

test("a down that does not restore is named with the difference, and what follows is examined all the same", async () => {
  const found = await verify({
    ...good,
    "3_city.sql": sql(
      "ALTER TABLE orders ADD COLUMN city text, ALTER COLUMN total SET NOT NULL",
      "ALTER TABLE orders DROP COLUMN city",
    ),
    "4_zip.sql": sql("ALTER TABLE orders ADD COLUMN zip text", "ALTER TABLE orders DROP COLUMN zip"),
  });

  expect(found.results).toEqual(["1_orders verified", "2_note verified", "3_city failed", "4_zip verified"]);
  expect(found.codes).toEqual(["3_city down-differs"]);
  expect(found.lines).toContain("public.orders.total");
  expect(found.lines).toContain("the database after its down");
  expect(found).toMatchObject({ whole: [], revertedTo: "3_city" });
});

test("a down that fails is named with place and caret, an up that fails or differs the second time as well", async () => {
  const found = await verify({
    ...good,
    "3_failing.sql": sql("CREATE TABLE a ()", "DROP TABLE b"),
    "4_keeping.sql": sql("CREATE TABLE c ()", "SELECT 1"),
    "5_other.sql": sql(
      "CREATE TABLE IF NOT EXISTS d (); ALTER TABLE d ADD COLUMN IF NOT EXISTS n integer",
      "ALTER TABLE d ALTER COLUMN n SET DEFAULT 7",
    ),
    "6_partial.sql": free("CREATE TABLE e (); CREATE TABLE f ()", "DROP TABLE f; DROP TABLE g"),
    "7_last.sql": sql("CREATE TABLE h ()", "DROP TABLE h"),
  });

  expect(found.codes).toEqual([
    "3_failing down-failed",
    "4_keeping down-differs",
    "4_keeping up-again-failed",
    "5_other down-differs",
    "5_other up-again-differs",
    "6_partial down-failed",
  ]);
  expect(found.lines).toMatch(/migration 3_failing \(down\) failed and was rolled back: table "b" does not exist/);
  expect(found.lines).toMatch(/at .*3_failing\.sql:4/);
  expect(found).toMatchObject({ whole: [], revertedTo: "6_partial" });
});

test("a migration without a down is applied only, and those around it are examined", async () => {
  const found = await verify({
    ...good,
    "3_oneway.sql": sql("CREATE TABLE a ()"),
    "4_code.ts": "export const up = ({ client }) => client.query('CREATE TABLE b ()');",
    "5_last.sql": sql("CREATE TABLE c ()", "DROP TABLE c"),
  });

  expect(found.results).toEqual([
    "1_orders verified",
    "2_note verified",
    "3_oneway applied",
    "4_code applied",
    "5_last verified",
  ]);
  expect(found).toMatchObject({ codes: [], whole: [], revertedTo: "4_code" });
});

test("--from examines only what is not older, and leaves the older ones applied", async () => {
  const files = { ...good, "0_old.sql": sql("CREATE TABLE old ()", "DROP TABLE nothing") };

  expect((await verify(files)).codes).toEqual(["0_old down-failed"]);
  const found = await verify(files, { from: "2" });
  expect(found).toMatchObject({ results: ["2_note verified"], codes: [], whole: [], revertedTo: "1_orders" });
});

test("what holds for each migration and not for all of them is found when all are reverted", async () => {
  const found = await verify({
    "1_a.sql": sql(
      "CREATE TABLE a (n integer)",
      "DO $$ BEGIN IF EXISTS (SELECT FROM a) THEN RAISE 'still in use'; END IF; END $$; DROP TABLE a",
    ),
    "2_rows.sql": sql("INSERT INTO a VALUES (1)", "SELECT 'the rows stay'"),
  });

  expect(found).toMatchObject({ codes: [], whole: ["down-all-failed"], revertedTo: undefined });
  expect(found.wholeLines).toContain("still in use");
});

test("rows that up and down lose or change are told table by table", async () => {
  const found = await verify(
    {
      ...good,
      "3_shout.sql": sql("UPDATE orders SET note = upper(note)", "SELECT 1"),
      "4_purge.sql": sql("DELETE FROM orders WHERE total < 2", "SELECT 1"),
      "5_fine.sql": sql("ALTER TABLE orders ADD COLUMN n integer", "ALTER TABLE orders DROP COLUMN n"),
    },
    { withData: [rows("-- after: 2_note\nINSERT INTO orders VALUES (1, 1, 'a'), (2, 2, 'b');\n")] },
  );

  expect(found.codes).toEqual(["3_shout rows-changed", "4_purge rows-changed"]);
  expect(found.lines).toContain('table public.orders: values of "note" are not what they were');
  expect(found.lines).toContain("table public.orders: 2 rows before, 1 after");
});

test("rows behind all migrations must survive each one's down and up, but for what it brings itself", async () => {
  const found = await verify(
    {
      ...good,
      "3_lossy.sql": sql(
        "ALTER TABLE orders ADD COLUMN n integer",
        "DELETE FROM orders; ALTER TABLE orders DROP COLUMN n",
      ),
    },
    { withData: [rows("INSERT INTO orders VALUES (1, 1, 'a', 3), (2, 2, 'b', 4);\n")] },
  );

  expect(found.codes).toEqual([]);
  expect(found.whole).toEqual(["rows-changed"]);
  expect(found.wholeLines).toBe("table public.orders: 2 rows before, 0 after");
});

test("a down that fails only with rows in the tables is found with rows", async () => {
  const files = {
    ...good,
    "3_null.sql": sql(
      "ALTER TABLE orders ALTER COLUMN id TYPE bigint",
      "ALTER TABLE orders ALTER COLUMN id TYPE integer",
    ),
  };

  expect(await verify(files)).toMatchObject({ codes: [], whole: [] });
  const found = await verify(files, { withData: [rows("INSERT INTO orders VALUES (5000000000, 1, 'a');\n")] });
  expect(found.whole).toEqual(["down-all-failed"]);
  expect(found.wholeLines).toContain("integer out of range");
});

test("repeatable objects that cannot be repeated are named", async () => {
  const found = await verify({ ...good, "repeatable/once.sql": "CREATE VIEW once AS SELECT id FROM orders;\n" });

  expect(found.whole).toEqual(["repeat-failed"]);
  expect(found.wholeLines).toContain('relation "once" already exists');
});

test("fails with the migrator's own error when a migration cannot be applied at all", async () => {
  await expect(
    verify({ ...good, "3_bad.sql": sql("CREATE TABLE x (y nonsense)", "DROP TABLE x") }),
  ).rejects.toMatchObject({
    code: "migration-failed",
    exitCode: 6,
    message: 'on a scratch database, migration 3_bad failed and was rolled back: type "nonsense" does not exist',
  });
});

test("fails when a file of rows is not there, names no migration, is for psql, or does not fit", async () => {
  const withRows = (text: string) => verify(good, { withData: [rows(text)] });

  await expect(verify(good, { withData: ["nowhere.sql"] })).rejects.toMatchObject({
    code: "no-data-file",
    exitCode: 2,
  });
  await expect(withRows("-- after: 9_nine\n")).rejects.toMatchObject({ code: "unknown-name", exitCode: 2 });
  await expect(withRows("COPY orders FROM stdin;\n1\t2\n\\.\n")).rejects.toMatchObject({
    code: "psql-command",
    exitCode: 2,
  });
  await expect(withRows("SELECT 1;\nINSERT INTO nowhere VALUES (1);\n")).rejects.toMatchObject({
    code: "data-failed",
    exitCode: 2,
    message: expect.stringMatching(/rows\.sql cannot be put behind 2_note: relation "nowhere" does not exist/),
    details: { location: expect.stringMatching(/rows\.sql:2:13$/) },
  });
});

test("fails before anything runs when migrations or rows would change the server of the target", async () => {
  await expect(
    verify(
      { ...good, "3_role.sql": sql("CREATE ROLE r", "DROP ROLE r") },
      { withData: [rows("ALTER SYSTEM RESET ALL;\n")] },
    ),
  ).rejects.toMatchObject({ exitCode: 4, problems: [{}, {}, { message: expect.stringContaining("rows.sql:1") }] });
});
