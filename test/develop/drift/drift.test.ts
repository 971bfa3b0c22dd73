import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describeDrift } from "../../../develop/drift/describe";
import { runDrift } from "../../../develop/drift/drift";
import { migrate } from "../../../migrator/index";
import { createTestDatabase, queryAt, serverUrl, type TestDatabase, withClient } from "../../support/database";
import { makeDirectory } from "../../support/migrator";
import { besideTarget, quietContext, waitForNone } from "../support/scratch";

let target: TestDatabase;
let dir: string;

const files = {
  "1_orders.sql": "-- migrate:up\nCREATE TABLE orders (id integer PRIMARY KEY, total numeric NOT NULL);\n",
  "2_city.sql": "-- migrate:up\nALTER TABLE orders ADD COLUMN city text;\nCREATE INDEX orders_city ON orders (city);\n",
  "repeatable/totals.sql": "CREATE OR REPLACE VIEW totals AS SELECT sum(total) AS total FROM orders;\n",
};

beforeEach(async () => {
  target = await createTestDatabase();
  dir = makeDirectory();
  write(files);
  await up();
});

afterEach(() => target.drop());

function write(more: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(more)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
}

const up = (url = target.url, policy?: { ahead: "pass"; outOfOrder: "allow" }) =>
  withClient(url, (client) => migrate(client, { source: dir, policy }));

const drift = (more: object = {}) =>
  runDrift({ ...besideTarget(target.url), dir, ledgerSchema: "schemagate", ...more }, quietContext());

async function lines(more: object = {}): Promise<string> {
  return describeDrift((await drift(more)).differences).join("\n");
}

test("a database that only migrations changed has not drifted, whatever rows it holds", async () => {
  await target.query("INSERT INTO orders VALUES (1, 2, 'x')");

  expect(await drift()).toEqual({ differences: [], migrations: ["1_orders", "2_city"] });
  await waitForNone("drift");
});

test("what was changed by hand is told, each thing once", async () => {
  await target.query("ALTER TABLE orders ALTER COLUMN total DROP NOT NULL");
  await target.query("DROP INDEX orders_city");
  await target.query("CREATE TABLE by_hand (id integer PRIMARY KEY)");
  await target.query("CREATE OR REPLACE VIEW totals AS SELECT sum(total) AS total FROM orders WHERE id > 0");

  const { differences } = await drift();
  const told = describeDrift(differences).join("\n");
  expect(told).toMatch(/column public\.orders\.total.* in the database/);
  expect(told).toContain("index public.orders_city: only in the migrations");
  expect(told).toContain("table public.by_hand: only in the database");
  expect(told).toMatch(/^\s*\+.*WHERE|view public\.totals/m);
});

test("pending migrations are left out", async () => {
  write({ "3_zip.sql": "-- migrate:up\nALTER TABLE orders ADD COLUMN zip text;\n" });

  expect(await drift()).toEqual({ differences: [], migrations: ["1_orders", "2_city"] });
  await target.query("ALTER TABLE orders ADD COLUMN zip text");
  expect(await lines()).toContain("column public.orders.zip: only in the database");
});

test("migrations that were applied out of order are compared in that order", async () => {
  write({ "5_add.sql": "-- migrate:up\nALTER TABLE orders ADD COLUMN n integer;\n" });
  await up();
  write({ "4_drop.sql": "-- migrate:up\nALTER TABLE orders DROP COLUMN n;\n" });
  await up(target.url, { ahead: "pass", outOfOrder: "allow" });

  expect((await drift()).differences).toEqual([]);
});

test("schemas that are ignored are not compared", async () => {
  await target.query("CREATE SCHEMA cron; CREATE TABLE cron.jobs (); CREATE SCHEMA audit");

  expect(await lines()).toContain("schema cron: only in the database");
  expect((await drift({ ignoreSchema: ["cron", "audit"] })).differences).toEqual([]);
});

test("the live database is only read: a role that may do nothing else there is enough, with a server for scratch", async () => {
  const reader = `reader_${target.name}`;
  await queryAt(serverUrl(), `CREATE ROLE ${reader} LOGIN PASSWORD 'secret'`);
  await target.query(`GRANT USAGE ON SCHEMA schemagate TO ${reader}`);
  await target.query(`GRANT SELECT ON ALL TABLES IN SCHEMA schemagate TO ${reader}`);
  await target.query(`ALTER ROLE ${reader} IN DATABASE ${target.name} SET default_transaction_read_only = on`);
  const url = new URL(target.url);
  Object.assign(url, { username: reader, password: "secret" });
  try {
    expect((await drift({ databaseUrl: url.href, scratchUrl: serverUrl() })).differences).toEqual([]);
  } finally {
    await target.query(`DROP OWNED BY ${reader}`);
    await queryAt(serverUrl(), `DROP ROLE ${reader}`);
  }
});

test("who migrated is no difference: owners, grants and default privileges of that role are taken for the scratch role's", async () => {
  const [migrator, app] = [`mig-${target.name}`, `app_${target.name}`];
  const other = await createTestDatabase();
  await queryAt(serverUrl(), `CREATE ROLE "${migrator}" LOGIN PASSWORD 'secret'`);
  await queryAt(serverUrl(), `CREATE ROLE ${app}`);
  await other.query(`GRANT CREATE ON DATABASE ${other.name} TO "${migrator}"`);
  await other.query(`CREATE SCHEMA app AUTHORIZATION "${migrator}"`);
  await other.query(`ALTER ROLE "${migrator}" IN DATABASE ${other.name} SET search_path = app`);
  const url = new URL(other.url);
  Object.assign(url, { username: migrator, password: "secret" });
  await queryAt(url.href, `GRANT USAGE ON SCHEMA app TO ${app}`);
  await queryAt(url.href, `ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO ${app}`);
  try {
    await up(url.href);
    expect(await lines({ databaseUrl: other.url })).toBe("");
    await other.query("ALTER TABLE app.orders OWNER TO CURRENT_USER");
    expect(await lines({ databaseUrl: other.url })).toMatch(
      /^table app\.orders: owner is postgres in the database, the role that migrates in the migrations$/m,
    );
  } finally {
    await other.drop();
    await queryAt(serverUrl(), `DROP ROLE "${migrator}"`);
    await queryAt(serverUrl(), `DROP ROLE ${app}`);
  }
});

test("many objects of another owner are one line", () => {
  const facts = [{ name: "owner", expected: "the role that migrates", actual: "admin" }];
  const differences = ["a", "b", "c", "d"].map((name) => ({
    ...{ kind: "table", identity: `public.${name}`, change: "different" as const, facts },
  }));

  expect(describeDrift(differences)).toEqual([
    "4 objects: owner is admin, by the migrations the role that migrates (table public.a, table public.b, table public.c, table public.d)",
  ]);
});

test("fails when the source cannot say what was applied: edited, missing, ahead, stopped midway, changed", async () => {
  write({
    "2_city.sql": `${files["2_city.sql"]}SELECT 1;\n`,
    "repeatable/totals.sql": "CREATE VIEW totals AS SELECT 1;\n",
  });
  await target.query(
    `INSERT INTO schemagate.migrations (name, checksum, progress) VALUES ('1_5_gone', 'x', NULL), ('9_new', 'x', NULL)`,
  );

  await expect(drift()).rejects.toMatchObject({
    exitCode: 4,
    problems: [
      { code: "missing" },
      { code: "checksum-mismatch" },
      { code: "ahead", hint: expect.stringContaining("the revision that was deployed") },
      { code: "repeatable-changed" },
    ],
  });
});

test("fails when a migration stopped midway", async () => {
  await target.query(
    `UPDATE schemagate.migrations SET progress = '{"direction": "up", "done": 1, "total": 2}' WHERE name = '2_city'`,
  );

  await expect(drift()).rejects.toMatchObject({ code: "partial", exitCode: 4 });
});

test("fails when nothing was applied", async () => {
  await expect(drift({ ledgerSchema: "elsewhere" })).rejects.toMatchObject({ code: "nothing-applied", exitCode: 4 });
});
