import { useTestDatabase } from "../../support/database";
import { runMigrator, writeMigrations } from "../../support/migrator";

/** Long enough to be sent in many pieces, and not to be parsed beforehand. */
const statements = 30_000;

const database = useTestDatabase();

/** A long migration with one statement in its midst; each statement is a line, the first one is line 3. */
const long = (special = "SELECT 1;") => {
  const lines = Array.from({ length: statements }, (_, row) =>
    row === statements / 2 ? special : `INSERT INTO t VALUES (${row}, 'row; ${row} ${"é".repeat(60)}');`,
  );
  return writeMigrations({
    "1_long.sql": `-- migrate:up\nCREATE TABLE t (id integer, note text);\n${lines.join("\n")}\n`,
  });
};

function up(dir: string) {
  return runMigrator(["up", "--no-json", "--dir", dir, "--database-url", database.url]);
}

test("a long section runs as a whole", async () => {
  expect(await up(long())).toMatchObject({ code: 0 });

  expect(await database.query("SELECT count(*)::integer AS rows FROM t")).toEqual([{ rows: statements - 1 }]);
});

test.each([
  ["with a position", "SELECT nothing FROM t;", 8],
  ["without one", "SELECT id / (id - id) FROM t;", 1],
])("an error %s is found at its place in a long section, and all of it is rolled back", async (_, special, column) => {
  const result = await up(long(special));

  expect(result.code).toBe(6);
  expect(result.stderr).toContain(`1_long.sql:${3 + statements / 2}:${column}`);
  expect(await database.query("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
});

test("fails when a long section ends its own transaction", async () => {
  expect(await up(long("COMMIT;"))).toMatchObject({
    code: 8,
    stderr: expect.stringContaining("ended its own transaction"),
  });
  expect(await database.query("SELECT name FROM schemagate.migrations")).toEqual([]);
});

test("an error of the ledger is not placed in the migration's file", async () => {
  const dir = writeMigrations({ "1_a.sql": "-- migrate:up\nDROP TABLE schemagate.migrations;\n" });

  const result = await up(dir);

  expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining("1_a") });
  expect(result.stderr).not.toMatch(/1_a\.sql:\d/);
});
