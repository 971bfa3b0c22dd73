import { useTestDatabase } from "../../support/database";
import { jsonLines, runMigrator, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

async function fail(files: Readonly<Record<string, string>>) {
  const dir = writeMigrations(files);
  const words = await runMigrator(["up", "--no-json", "--dir", dir, "--database-url", database.url]);
  const json = await runMigrator(["up", "--json", "--dir", dir, "--database-url", database.url]);
  return { words: words.stderr, failure: jsonLines(json.stderr).at(-1) };
}

const table = "CREATE TABLE t (id integer CONSTRAINT t_key PRIMARY KEY, at date NOT NULL);\n";

test("an error in a trigger's function is told with the function, its line, and what called it", async () => {
  const { words, failure } = await fail({
    "1_a.sql":
      `-- migrate:up\n${table}` +
      "CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  NEW.id := 1 / (NEW.id - 7);\n  RETURN NEW;\nEND $$;\n" +
      "CREATE TRIGGER stamp BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION stamp();\n",
    "2_b.sql": "-- migrate:up\nINSERT INTO t VALUES (7, now());\n",
  });

  expect(words).toMatch(/2_b\.sql:2:1 .*SQLSTATE 22012/);
  expect(words).toMatch(/\n {2}context: .*PL\/pgSQL function stamp\(\) line 3 at assignment\n/);
  expect(failure).toMatchObject({ context: expect.stringContaining("function stamp() line 3"), sqlState: "22012" });
});

test("one in a statement that a function makes is told with that statement and the place in it", async () => {
  const { words, failure } = await fail({
    "1_a.sql":
      "-- migrate:up\nCREATE FUNCTION inner_one() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n" +
      "  EXECUTE E'SELECT 1,\\n       nothing FROM generate_series(1, 2)';\nEND $$;\n" +
      "CREATE FUNCTION outer_one() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM inner_one(); END $$;\n" +
      "SELECT outer_one();\n",
  });

  expect(words).toContain("  context: PL/pgSQL function inner_one() line 3 at EXECUTE\n");
  expect(words).toMatch(/ {2}context: PL\/pgSQL function outer_one\(\) line 1 at PERFORM\n/);
  expect(words).toContain("    2 |        nothing FROM generate_series(1, 2)\n               ^\n");
  expect(failure).toMatchObject({
    internalQuery: expect.stringContaining("nothing FROM"),
    internalExcerpt: expect.stringContaining("^"),
  });
});

test("table, column and constraint are told apart, for code as for SQL", async () => {
  await runMigrator([
    "up",
    "--dir",
    writeMigrations({ "1_a.sql": `-- migrate:up\n${table}` }),
    "--database-url",
    database.url,
  ]);
  const first = { "1_a.sql": `-- migrate:up\n${table}` };

  const sql = await fail({ ...first, "2_b.sql": "-- migrate:up\nINSERT INTO t (id) VALUES (1);\n" });
  expect(sql.failure).toMatchObject({ schema: "public", table: "t", column: "at" });
  const code = 'export const up = ({ client }) => client.query("INSERT INTO t VALUES (1, now()), (1, now())");\n';
  const module = await fail({ ...first, "2_b.ts": code });
  expect(module.failure).toMatchObject({ schema: "public", table: "t", constraint: "t_key", sqlState: "23505" });
});

test("of a deep recursion no more is told than a person reads", async () => {
  const { words } = await fail({
    "1_a.sql":
      "-- migrate:up\nCREATE FUNCTION deep(n integer) RETURNS integer LANGUAGE plpgsql AS $$\nBEGIN\n" +
      "  IF n = 0 THEN RETURN 1 / n; END IF;\n  RETURN deep(n - 1);\nEND $$;\nSELECT deep(300);\n",
  });

  expect(words).toContain("function deep(integer) line 3 at RETURN");
  expect(words).toContain("characters left out");
  expect(words.length).toBeLessThan(6_000);
});

test("an error that code wrapped keeps what the server said", async () => {
  const code = `export async function up({ client }) {
    try {
      await client.query("INSERT INTO t VALUES (1, now()), (1, now())");
    } catch (cause) {
      throw new Error("importing orders", { cause: new Error("row 2", { cause }) });
    }
  }\n`;

  const { failure } = await fail({ "1_a.sql": `-- migrate:up\n${table}`, "2_b.ts": code });

  expect(failure).toMatchObject({
    message: expect.stringMatching(/importing orders: duplicate key value violates unique constraint "t_key"$/),
    ...{ sqlState: "23505", constraint: "t_key", detail: expect.stringContaining("(1)") },
  });
});
