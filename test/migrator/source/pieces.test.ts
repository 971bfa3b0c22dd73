import { cutIntoPieces } from "../../../migrator/source/pieces";

const cut = (sql: string) => [...cutIntoPieces(sql, 1)].map((piece) => piece.sql);

/** Each holds semicolons that end nothing; behind it stands another statement. */
test.each([
  ["a string", "SELECT 'a;b'';c'"],
  ["a string with a backslash, which escapes nothing", "SELECT 'a;\\'"],
  ["an escape string", "SELECT E'a\\';b''c;\\\\'"],
  ["an escape string in capitals behind a parenthesis", "SELECT (e'\\';')"],
  ["an escape string that goes on in the next line", "SELECT E'a' -- it's;\n  'b\\';c'"],
  ["a name that ends in e before a string", "SELECT type';\\'"],
  ["a quoted name", 'SELECT 1 AS "a;""b;"'],
  ["a line comment", "SELECT 1 -- it's; one\n + 2"],
  ["a block comment, nested", "SELECT /* a; /* it's; */ b; */ 1"],
  ["a body in dollars", "DO $$ BEGIN PERFORM 1; END $$"],
  ["a body in dollars with a tag", "DO $body$ BEGIN PERFORM '$$;'; END $body$"],
  ["a name that holds dollars", "SELECT a$b$c FROM t"],
  ["parentheses", "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)"],
])("is not cut inside %s", (_, statement) => {
  expect(cut(`${statement};SELECT 'next';`)).toEqual([`${statement};`, "SELECT 'next';", ""]);
});

test.each([
  [
    "a function with a body of statements",
    "CREATE FUNCTION f() RETURNS int BEGIN /* ; */ ATOMIC SELECT 1; SELECT 2; END;",
  ],
  ["another meaning of quotes", "SET standard_conforming_strings = off; SELECT 'a\\';b';"],
  ["a string that does not end", "SELECT 'a; SELECT 1; SELECT 2;"],
  ["a parenthesis that does not end", "SELECT (1; SELECT 2;"],
  ["a body in dollars that does not end", "DO $$ SELECT 1; SELECT 2;"],
])("leaves %s whole", (_, sql) => {
  expect(cut(sql).join("|")).toBe(sql);
});

test("pieces are about as long as asked for, whole statements, and add up to the text", () => {
  const sql = Array.from({ length: 500 }, (_, row) => `INSERT INTO t VALUES (${row}, 'row; ${row}');\n`).join("");

  const pieces = [...cutIntoPieces(sql, 1_000)];

  expect(pieces.map((piece) => piece.sql).join("")).toBe(sql);
  expect(pieces.every(({ sql: text, offset }) => sql.startsWith(text, offset))).toBe(true);
  expect(pieces.slice(0, -1).every((piece) => piece.sql.length >= 1_000 && piece.sql.length < 1_100)).toBe(true);
  expect(pieces.slice(0, -1).every((piece) => piece.sql.endsWith("');"))).toBe(true);
});
