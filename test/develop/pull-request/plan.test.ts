import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { planPullRequest } from "../../../develop/pull-request/plan";
import type { Observed, PlannedMigration, PullRequestPlan } from "../../../develop/pull-request/planned";
import { describePullRequest } from "../../../develop/pull-request/print";
import { createStyle } from "../../../migrator/events/words";
import { createTestDatabase, type TestDatabase } from "../../support/database";
import { makeDirectory, runMigrator, writeMigrations } from "../../support/migrator";
import { besideTarget, quietContext } from "../support/scratch";

const style = createStyle(false);
const first = `-- migrate:up
CREATE TABLE customers (id bigint PRIMARY KEY, email varchar(50), note text);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, total integer);
CREATE INDEX orders_total_idx ON orders (total);

-- migrate:down
DROP TABLE orders;
DROP TABLE customers;
`;

const second = `-- migrate:up
ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id);
ALTER TABLE orders ALTER COLUMN total TYPE bigint;
CREATE TABLE lines (order_id bigint REFERENCES orders (id));
UPDATE customers SET note = 'a|b\`c' WHERE id = 1;

-- migrate:down
DROP TABLE lines;
ALTER TABLE orders ALTER COLUMN total TYPE integer;
ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey;
`;

const third = `-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY customers_email_idx ON customers (email);
DROP INDEX CONCURRENTLY orders_total_idx;
ALTER TABLE lines ADD COLUMN sku text;
VACUUM FULL customers;

-- migrate:down transaction:false
ALTER TABLE lines DROP COLUMN sku;
CREATE INDEX CONCURRENTLY orders_total_idx ON orders (total);
DROP INDEX CONCURRENTLY customers_email_idx;
`;

const fourth = `export async function up({ client }) {
  await client.query("UPDATE customers SET note = email");
  await client.query("LOCK TABLE orders IN SHARE MODE");
}
export async function down() {}
`;

const files = { "1_first.sql": first, "2_second.sql": second, "3_third.sql": third, "4_fourth.ts": fourth };

let target: TestDatabase;
let dir: string;
let planned: PullRequestPlan;

const plan = (options: { dir: string; base?: string }) =>
  planPullRequest({ ...besideTarget(target.url), ledgerSchema: "schemagate", ...options }, quietContext());

const locks = ({ locks: all }: Observed) => all.map(({ table, mode }) => `${table} ${mode}`);

function migration(name: string): PlannedMigration {
  const found = planned.migrations.find((one) => one.name === name);
  if (!found) {
    throw new Error(`${name} is not planned`);
  }
  return found;
}

beforeAll(async () => {
  target = await createTestDatabase();
  dir = writeMigrations(files);
  await runMigrator(["up", "--steps", "1", "--dir", dir], { DATABASE_URL: target.url });
  await target.query("INSERT INTO orders SELECT n, 1, n FROM generate_series(1, 3000) n");
  await target.query("ANALYZE orders");
  planned = await plan({ dir });
});

afterAll(() => target.drop());

test("plans what is pending in the database, and changes nothing there", async () => {
  expect(planned.migrations.map(({ name, kind, transaction }) => [name, kind, transaction])).toEqual([
    ["2_second", "sql", true],
    ["3_third", "sql", false],
    ["4_fourth", "module", true],
  ]);
  expect(await target.query("SELECT name FROM schemagate.migrations")).toEqual([{ name: "1_first" }]);
});

test("sees the locks that each statement of a transaction adds, on what was there before", () => {
  expect(migration("2_second").statements.map(locks)).toEqual([
    ["public.customers ShareRowExclusiveLock", "public.orders ShareRowExclusiveLock"],
    ["public.orders AccessExclusiveLock"],
    [],
    [],
  ]);
  expect(locks(migration("2_second").whole)).toEqual([
    "public.orders AccessExclusiveLock",
    "public.customers ShareRowExclusiveLock",
  ]);
});

test("sees tables that are written anew", () => {
  expect(migration("2_second").statements.map(({ rewrites }) => rewrites)).toEqual([
    [],
    [{ table: "public.orders", what: "table" }],
    [],
    [],
  ]);
});

test("sees the locks of statements that run outside a transaction alone", () => {
  const { statements } = migration("3_third");

  expect(statements.map((statement) => locks(statement)[0])).toEqual([
    "public.customers ShareUpdateExclusiveLock",
    "public.orders ShareUpdateExclusiveLock",
    "public.lines AccessExclusiveLock",
    "public.customers AccessExclusiveLock",
  ]);
  expect(statements.at(-1)?.rewrites).toEqual([{ table: "public.customers", what: "table" }]);
});

test("sees what code does as a whole", () => {
  const { statements, whole } = migration("4_fourth");

  expect(statements).toEqual([]);
  expect(locks(whole)).toEqual(["public.orders ShareLock", "public.customers RowExclusiveLock"]);
});

test("says of each statement where it stands", () => {
  expect(migration("2_second").statements.map(({ line }) => line)).toEqual([2, 3, 4, 5]);
});

test("brings lint and proof along", () => {
  expect(migration("2_second").findings.map(({ rule }) => rule)).toEqual([
    "constraint-not-valid",
    "column-type-change",
    "work-under-lock",
  ]);
  expect(planned.migrations.map(({ proof }) => proof?.result)).toEqual(["verified", "verified", "verified"]);
});

test("reads the sizes of the tables concerned from the database", () => {
  expect(planned.sizes["public.orders"]).toEqual({ rows: 3000, bytes: expect.any(Number) });
  expect(Object.keys(planned.sizes).sort()).toEqual(["public.customers", "public.orders"]);
});

test("is a table and folded details in markdown", () => {
  const text = describePullRequest(planned, "markdown", style);

  expect(text.split("\n").slice(0, 7)).toEqual([
    "### Migrations: 3 to apply",
    "",
    "| migration | statements | strongest lock | rewrite | lint | proof |",
    "| --- | --- | --- | --- | --- | --- |",
    expect.stringMatching(
      /^\| `2_second` \| 4 \| public\.orders: blocks reads, writes, DDL \(about 3,000 rows, \d+ kB\) \| public\.orders \| ❌ 3 errors \| ✅ up, down, up \|$/,
    ),
    expect.stringMatching(
      /^\| `3_third` \| 4, no transaction \| public\.customers and 1 more: blocks reads, writes, DDL/,
    ),
    expect.stringMatching(
      /^\| `4_fourth` \| code \| public\.orders: blocks writes, DDL .* \| no \| ✅ clean \| ✅ up, down, up \|$/,
    ),
  ]);
  expect(text.match(/<details>/g)).toHaveLength(3);
  expect(text.match(/<\/details>/g)).toHaveLength(3);
  expect(text).toContain("```sql\nALTER TABLE orders ALTER COLUMN total TYPE bigint;\n```");
  expect(text).toContain(
    "- ACCESS EXCLUSIVE on public.orders: blocks reads, writes, DDL\n- public.orders written anew (about 3,000 rows",
  );
});

test("fits a comment, however long the SQL is", () => {
  const [one] = planned.migrations;
  const [statement] = one?.statements ?? [];
  const long: PullRequestPlan =
    one && statement
      ? { ...planned, migrations: [{ ...one, statements: [{ ...statement, sql: "x".repeat(70_000) }] }] }
      : planned;

  const text = describePullRequest(long, "markdown", style);

  expect(text.length).toBeLessThan(65_536);
  expect(text).toContain("The SQL is too long for a comment");
});

test("is lines of words, or one line of JSON", () => {
  const words = describePullRequest(planned, "words", style);

  expect(words).toContain(
    "  3 | ALTER TABLE orders ALTER COLUMN total TYPE bigint\n      ACCESS EXCLUSIVE on public.orders",
  );
  expect(JSON.parse(describePullRequest(planned, "json", style))).toMatchObject({
    event: "plan",
    sizes: planned.sizes,
  });
});

test("plans what is new since a git ref, whatever the database holds", async () => {
  const copy = makeDirectory();
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", "-C", copy, ...args], { stdio: "pipe" });
  git("init", "--initial-branch", "main");
  mkdirSync(join(copy, "sql"));
  writeFileSync(join(copy, "sql/1_first.sql"), first);
  writeFileSync(join(copy, "sql/2_second.sql"), second);
  git("add", ".");
  git("commit", "-m", "one");
  writeFileSync(join(copy, "sql/3_third.sql"), third);

  const { migrations } = await plan({ dir: join(copy, "sql"), base: "main" });

  expect(migrations.map(({ name, proof }) => [name, proof?.result])).toEqual([["3_third", "verified"]]);
});

test("fails as the migration would, and says that it was on a scratch database", async () => {
  const broken = writeMigrations({
    ...files,
    "5_broken.sql": "-- migrate:up\nSELECT 1 / 0;\n-- migrate:down\nSELECT 1;\n",
  });

  await expect(plan({ dir: broken })).rejects.toMatchObject({
    exitCode: 6,
    message: expect.stringContaining("on a scratch database"),
  });
});

test("refuses what up would refuse", async () => {
  const edited = writeMigrations({ ...files, "1_first.sql": `${first}\n-- edited\n` });

  await expect(plan({ dir: edited })).rejects.toMatchObject({ code: "checksum-mismatch", exitCode: 4 });
});

test("lets a migration say how isolated it is, behind other settings too", async () => {
  const isolated = "SET LOCAL work_mem = '1MB';\nSET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nSELECT 1;";
  const set = (sql: string) => `await client.query("${sql}");`;
  const dirOfBoth = writeMigrations({
    ...files,
    "5_sql.sql": `-- migrate:up\n${isolated}\n-- migrate:down\n`,
    "6_code.ts": `export async function up({ client }) {
      ${set("SET LOCAL work_mem = '1MB'")} ${set("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")} ${set("SELECT 1")}
    }
    export async function down() {}`,
  });

  const { migrations } = await plan({ dir: dirOfBoth });

  expect(migrations.map(({ name }) => name)).toEqual(expect.arrayContaining(["5_sql", "6_code"]));
});
