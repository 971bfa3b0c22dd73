import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { useTestDatabase } from "../../support/database";
import {
  bin,
  cleanEnvironment,
  type Ended,
  jsonLines,
  makeDirectory,
  runMigrator,
  start,
  startMigrator,
  waitUntil,
  writeMigrations,
} from "../../support/migrator";

const database = useTestDatabase();

/** A project: the migration that made a schema, and models that say what it should be. */
function project(before: string, after: string): { dir: string; models: string } {
  const dir = writeMigrations({ "1_begin.sql": `-- migrate:up\n${before}\n-- migrate:down\n` });
  const models = writeMigrations({ "schema.sql": after });
  return { dir, models };
}

const message = "the change";

function generate({ dir, models }: { dir: string; models: string }, args: readonly string[] = []): Promise<Ended> {
  return runMigrator(["generate", "--no-json", "--dir", dir, "--models", models, "-m", message, ...args], {
    DATABASE_URL: database.url,
  });
}

const migrate = (command: string, { dir }: { dir: string }) =>
  runMigrator([command, "--no-json", "--dir", dir], { DATABASE_URL: database.url });

const writtenFiles = ({ dir }: { dir: string }) => readdirSync(dir).filter((file) => file !== "1_begin.sql");
const readOnly = (which: { dir: string }) => {
  const [file = "", ...more] = writtenFiles(which);
  expect(more).toEqual([]);
  return readFileSync(join(which.dir, file), "utf8");
};

const customers = "CREATE TABLE customers (id integer PRIMARY KEY, email text);";

test("says so and writes nothing when models equal migrations", async () => {
  const which = project(customers, customers);

  const { code, stdout } = await generate(which);

  expect(code).toBe(0);
  expect(stdout).toContain("nothing to do: the migrations lead to what the models say");
  expect(writtenFiles(which)).toEqual([]);
});

test("INV-13: writes one proven file that goes up and down, and touches the target no more than that", async () => {
  const which = project(
    customers,
    `${customers} CREATE TABLE orders (id integer PRIMARY KEY, total numeric(10, 2) NOT NULL);`,
  );

  const { code, stdout } = await generate(which);

  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("proven: up, down and up again") });
  expect(writtenFiles(which)).toEqual([expect.stringMatching(/^\d{14}_the_change\.sql$/)]);
  expect(readOnly(which)).toBe(`-- migrate:up

CREATE TABLE public.orders (
  id int NOT NULL,
  total numeric(10, 2) NOT NULL,
  CONSTRAINT orders_pkey PRIMARY KEY (id)
);

-- migrate:down
-- LOSES DATA: table public.orders is dropped: its rows are lost

DROP TABLE public.orders;
`);
  expect(await database.query("SELECT to_regclass('customers') AS made")).toEqual([{ made: null }]);
  expect((await migrate("up", which)).code).toBe(0);
  expect((await generate(which)).stdout).toContain("nothing to do");
  expect((await migrate("down", which)).code).toBe(0);
});

test("prints the file with --dry-run, and writes none", async () => {
  const which = project(customers, `${customers} CREATE TABLE orders (id integer);`);

  const { stdout } = await generate(which, ["--dry-run"]);

  expect(stdout).toContain("CREATE TABLE public.orders");
  expect(writtenFiles(which)).toEqual([]);
});

test("tells machines all it found", async () => {
  const which = project(customers, "CREATE TABLE customers (id integer PRIMARY KEY);");

  const { stdout } = await runMigrator(["generate", "--dir", which.dir, "--models", which.models, "-m", message], {
    DATABASE_URL: database.url,
  });

  expect(jsonLines(stdout)).toEqual([
    expect.objectContaining({
      event: "generated",
      proven: true,
      files: [expect.objectContaining({ path: expect.stringContaining("_the_change.sql") })],
      losses: [
        { direction: "up", severity: "lost", object: "column public.customers.email", what: expect.any(String) },
      ],
    }),
  ]);
});

test("flags what loses data, in the file and in the output", async () => {
  const which = project(customers, "CREATE TABLE customers (id integer PRIMARY KEY);");

  const { code, stdout } = await generate(which);

  expect(code).toBe(0);
  expect(stdout).toContain("loses data, up: column public.customers.email is dropped: its values are lost");
  expect(readOnly(which)).toContain("-- LOSES DATA: column public.customers.email is dropped: its values are lost");
});

test("keeps the rows of what a hint says is renamed", async () => {
  const which = project(
    customers,
    'CREATE TABLE "Clients" (id integer PRIMARY KEY, address text, CONSTRAINT "not empty" CHECK (address <> \'\'));',
  );
  expect((await migrate("up", which)).code).toBe(0);
  await database.query("INSERT INTO customers VALUES (1, 'a@b.c')");

  const { code } = await generate(which, ["--rename", 'table:customers="Clients"', "column:customers.email=address"]);

  expect(code).toBe(0);
  expect(await migrate("up", which)).toMatchObject({ code: 0 });
  expect(await database.query('SELECT * FROM "Clients"')).toEqual([{ id: 1, address: "a@b.c" }]);
});

test.each([
  ["a column that does not exist", ["column:customers.mail=address"], 'column "mail" does not exist'],
  ["no rename at all", ["customers=clients"], '"customers=clients" is no rename'],
  ["an unknown kind", ["thing:a=b"], '"thing:a=b" is no rename'],
])("refuses a hint that names %s, and writes nothing", async (_, hints, reason) => {
  const which = project(customers, "CREATE TABLE customers (id integer PRIMARY KEY, address text);");

  const { code, stderr } = await generate(which, ["--rename", ...hints]);

  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(reason) });
  expect(writtenFiles(which)).toEqual([]);
});

const renamedEmail = "CREATE TABLE customers (id integer PRIMARY KEY, address text);";

test("without a terminal it tells what may be a rename, and how to say so", async () => {
  const which = project(customers, renamedEmail);

  const { code, stdout } = await generate(which);

  expect(code).toBe(0);
  expect(stdout).toContain("column public.customers.email is dropped and public.customers.address added");
  expect(stdout).toContain("--rename 'column:public.customers.email=address'");
});

test.each([
  ["y", "RENAME COLUMN email TO address"],
  ["n", "DROP COLUMN email"],
])("on a terminal it asks what may be a rename, and takes %s for an answer", async (answer, expected) => {
  const which = project(customers, renamedEmail);
  const args = ["generate", "--dir", which.dir, "--models", which.models, "-m", message];
  const command = [process.execPath, bin, ...args].map((word) => `'${word}'`).join(" ");
  // util-linux' script makes the pseudo terminal; what is typed waits in it until it is asked for.
  const typed = `(printf '${answer}\\n'; sleep 20) | script --quiet --return --command "${command}" ${makeDirectory()}/typescript`;
  const { child } = start("bash", ["-c", typed], cleanEnvironment({ DATABASE_URL: database.url, TERM: "xterm" }), {
    detached: true,
  });

  await waitUntil(async () => writtenFiles(which).length > 0, "the file");
  process.kill(-(child.pid ?? 0));

  expect(readOnly(which)).toContain(expected);
});

test("puts what cannot share a transaction into a file of its own", async () => {
  const which = project(
    customers,
    `CREATE TABLE customers (id integer PRIMARY KEY, email text UNIQUE, name text NOT NULL DEFAULT '', age integer CHECK (age > 0));
     CREATE INDEX customers_name ON customers (name);
     CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer REFERENCES customers);
     CREATE INDEX orders_customer ON orders (customer_id);`,
  );

  const { code } = await generate(which);

  const [first = "", second = "", ...more] = writtenFiles(which);
  expect({ code, more }).toEqual({ code: 0, more: [] });
  const [plain, online] = [first, second].map((file) => readFileSync(join(which.dir, file), "utf8"));
  expect(plain).toContain("ADD COLUMN name");
  expect(plain).toContain("CREATE INDEX orders_customer ON public.orders");
  expect(second).toMatch(/_the_change_online\.sql$/);
  expect(online).toContain("-- migrate:up transaction:false");
  expect(online).toContain("CREATE INDEX CONCURRENTLY customers_name ON public.customers (name);");
  expect(online).toContain("UNIQUE USING INDEX customers_email_key");
  expect(online).toMatch(/CHECK \(age > 0\) NOT VALID;[\s\S]*VALIDATE CONSTRAINT customers_age_check;/);
  expect(await migrate("up", which)).toMatchObject({ code: 0 });
});

test("commits a new value of an enum before something uses it", async () => {
  const which = project(
    "CREATE TYPE state AS ENUM ('open', 'closed'); CREATE TABLE orders (state state DEFAULT 'open');",
    "CREATE TYPE state AS ENUM ('new', 'open', 'closed'); CREATE TABLE orders (state state DEFAULT 'new');",
  );

  expect((await generate(which)).code).toBe(0);

  expect(writtenFiles(which)).toEqual([
    expect.stringMatching(/_the_change_values\.sql$/),
    expect.stringMatching(/_the_change\.sql$/),
  ]);
  expect(await migrate("up", which)).toMatchObject({ code: 0 });
});

const searchConfiguration = "CREATE TEXT SEARCH CONFIGURATION plain (PARSER = default);";

test("writes what it cannot prove, marked, with what is left", async () => {
  const which = project(customers, `${customers} CREATE TABLE orders (id integer); ${searchConfiguration}`);

  const { code, stdout } = await generate(which);

  expect(code).toBe(3);
  expect(stdout).toContain("not proven: finish the file by hand");
  expect(readOnly(which)).toMatch(
    /^-- NOT PROVEN: finish this file by hand\.\n-- up: 1 difference left\n-- {3}text search configuration public\.plain: only in the models/,
  );
});

test("tells what it knows no statement for", async () => {
  const which = project(customers, `${customers} ${searchConfiguration}`);

  const { code, stdout } = await generate(which);

  expect(code).toBe(3);
  expect(stdout).toContain("no statement was found that does it");
  expect(stdout).toContain("text search configuration public.plain: only in the models");
});

test("leaves repeatable objects and hooks where they are declared", async () => {
  const which = project(customers, customers);
  const withFolders = writeMigrations({ "1_begin.sql": readFileSync(join(which.dir, "1_begin.sql")) });
  const { mkdirSync } = await import("node:fs");
  mkdirSync(join(withFolders, "repeatable"));
  mkdirSync(join(withFolders, "hooks"));
  writeFileSync(
    join(withFolders, "repeatable/emails.sql"),
    "CREATE OR REPLACE VIEW emails AS SELECT email FROM customers;",
  );
  writeFileSync(join(withFolders, "hooks/afterAll.sql"), "GRANT SELECT ON emails TO PUBLIC;");

  expect(await generate({ ...which, dir: withFolders })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("nothing to do"),
  });
});

test.each([
  ["broken models", customers, "CREATE TABLE customers (id integer,);", 2, "syntax error"],
  ["a broken migration", "CREATE TABLE customers (id nonsense);", customers, 6, 'type "nonsense" does not exist'],
])("fails with %s and leaves nothing behind", async (_, before, after, exitCode, reason) => {
  const which = project(before, after);

  const { code, stderr } = await generate(which);

  expect({ code, stderr }).toEqual({ code: exitCode, stderr: expect.stringContaining(reason) });
  expect(writtenFiles(which)).toEqual([]);
});

test.each([
  ["SIGTERM", 143],
  ["SIGKILL", null],
] as const)("leaves no scratch database behind after %s", async (signal, exitCode) => {
  const which = project("SELECT pg_sleep(60);", customers);
  const { child, ended } = startMigrator([
    "generate",
    "--dir",
    which.dir,
    "--models",
    which.models,
    "-m",
    message,
    "--database-url",
    database.url,
  ]);
  const scratch = () =>
    database.query(
      `SELECT datname FROM pg_stat_activity WHERE datname LIKE 'schemagate_scratch%' AND application_name LIKE 'schemagate%'
         AND query LIKE '%pg_sleep(60)%'`,
    );
  let names: unknown[] = [];
  await waitUntil(async () => {
    names = (await scratch()).map(({ datname }) => datname);
    return names.length > 0;
  }, "the migration");

  child.kill(signal);

  expect((await ended).code).toBe(exitCode);
  await waitUntil(
    async () => (await database.query("SELECT FROM pg_database WHERE datname = ANY ($1)", [names])).length === 0,
    "the drop",
  );
});
