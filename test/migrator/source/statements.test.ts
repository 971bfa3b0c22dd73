import { inspectSection } from "../../../migrator/source/inspect";
import type { SqlMigration } from "../../../migrator/source/migration";
import { splitStatements } from "../../../migrator/source/statements";

function migration(sql: string): SqlMigration {
  return { kind: "sql", name: "1_a", file: "1_a.sql", checksum: "", up: { sql, firstLine: 2, transaction: false } };
}

const split = (sql: string) => splitStatements(migration(sql), migration(sql).up);
const control = (sql: string) => inspectSection(migration(sql), { ...migration(sql).up, transaction: true });

test("splits statements without being misled by quotes, comments or dollar quotes", async () => {
  const sql = [
    "/* ; */ SELECT 'a;b', \"c;d\" FROM t;",
    "-- ; ü",
    "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $body$ BEGIN PERFORM 1; END; $body$;",
    "SELECT 'ü;';",
  ].join("\n");

  const statements = await split(sql);

  expect(statements.map((statement) => statement.sql)).toEqual([
    "SELECT 'a;b', \"c;d\" FROM t",
    "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $body$ BEGIN PERFORM 1; END; $body$",
    "SELECT 'ü;'",
  ]);
  expect(statements.map(({ offset, sql: text }) => sql.slice(offset, offset + text.length))).toEqual(
    statements.map((statement) => statement.sql),
  );
});

test("fails when the section does not parse, with file and line", async () => {
  await expect(split("SELECT 1;\nSELEC 2;")).rejects.toMatchObject({
    code: "syntax",
    exitCode: 4,
    message: '1_a.sql:3: syntax error at or near "SELEC"',
  });
});

test.each(["COMMIT;", "BEGIN;", "ROLLBACK;", "SELECT 1;\nEND;"])("finds %j in a transactional section", async (sql) => {
  expect(await control(sql)).toHaveLength(1);
});

test.each([
  "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; END $$;",
  "SAVEPOINT s; ROLLBACK TO SAVEPOINT s; RELEASE s;",
  "COMMENT ON TABLE t IS 'commit'; SELECT 'begin';",
])("leaves %j alone", async (sql) => {
  expect(await control(sql)).toEqual([]);
});
