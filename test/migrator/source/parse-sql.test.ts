import { parseSqlMigration } from "../../../migrator/source/parse-sql";

const parse = (text: string) => parseSqlMigration(text, "1_a.sql");

test("splits a file into up and down, and knows where each begins", () => {
  expect(parse("-- migrate:up\nSELECT 1;\n\n-- migrate:down transaction:false\nSELECT 2;\n")).toEqual({
    up: { sql: "SELECT 1;\n", firstLine: 2, transaction: true },
    down: { sql: "SELECT 2;\n", firstLine: 5, transaction: false },
    problems: [],
  });
});

test("accepts comments above the first marker, and a file without down", () => {
  expect(parse("-- adds a table\n  -- and no more\n\n-- migrate:up\nSELECT 1;").problems).toEqual([]);
});

test.each([
  ["a comment", "/* Not yet:\n-- migrate:down\nDROP TABLE a;\n*/"],
  ["a comment in a comment", "/* /* */\n-- migrate:down\n*/"],
  ["a string", "INSERT INTO docs VALUES ('Write\n-- migrate:down\nbelow it');"],
  ["an escape string", "SELECT E'it\\'s\n-- migrate:down\n';"],
  ["a dollar-quoted body", "DO $a$\nBEGIN\n  -- migrate:down has the rest\n-- migrate:up\nEND $a$;"],
  ["a quoted name", 'CREATE TABLE "a\n-- migrate:down\n" ();'],
])("what looks like a marker in %s is none", (_name, sql) => {
  const up = `CREATE TABLE a ();\n${sql}`;
  expect(parse(`/* Adds\n-- migrate:down\n*/\n-- migrate:up\n${up}\n-- migrate:down\nSELECT 2;`)).toEqual({
    up: { sql: up, firstLine: 5, transaction: true },
    down: { sql: "SELECT 2;", firstLine: up.split("\n").length + 6, transaction: true },
    problems: [],
  });
});

test("a comment between quotes, and a quote in a comment, hide nothing", () => {
  const sql = "-- it's\nSELECT $1, a$b$c /* don't */ FROM t; -- $$\nSELECT '--' AS \"/*\";";
  expect(parse(`-- migrate:up\n${sql}\n-- migrate:down\nSELECT 2;`)).toMatchObject({
    up: { sql },
    down: { firstLine: 6 },
    problems: [],
  });
});

test.each([
  ["a comment", "SELECT 1; /*", "a comment that begins on line 2 and does not end"],
  ["a string", "SELECT 'a;", "a string that begins on line 2 and does not end"],
  ["a dollar-quoted string", "DO $$ BEGIN", "a dollar-quoted string that begins on line 2 and does not end"],
])("fails when %s that does not end hides a marker", (_name, sql, words) => {
  expect(parse(`-- migrate:up\n${sql}\n-- migrate:down\nSELECT 2;`).problems.map(({ message }) => message)).toEqual([
    `1_a.sql:3: "-- migrate:down" is no marker: it lies in ${words}`,
  ]);
});

test.each([
  ...[
    "-- MIGRATE:DOWN",
    "-- migrate: down",
    "-- migrate :down",
    "--- migrate:down",
    "  -- migrate:down",
    "-- migrate:down;",
  ],
  ...[
    "-- migrate down",
    "--migrate-down",
    "-- migration: down",
    "-- +goose Down",
    "-- +migrate Down",
    "/* migrate:down */",
  ],
  "-- Down Migration",
])("fails for %j, which is no marker: what is behind it would run with up", (line) => {
  expect(parse(`-- migrate:up\nSELECT 1;\n${line}\nSELECT 2;`).problems.map(({ message }) => message)).toEqual([
    `1_a.sql:3: "${line}" is no marker`,
  ]);
});

test.each(["--migrate:down", "--  migrate:down ", "--\tmigrate:down transaction:false"])("%j is a marker", (line) => {
  const parsed = parse(`-- migrate:up\nSELECT 1;\n${line}\nSELECT 2;`);
  expect(parsed).toMatchObject({ down: { sql: "SELECT 2;" }, problems: [] });
});

test("other words for a marker are comments where there is the marker itself", () => {
  const text = "-- migration up\n-- migrate:up\nSELECT 1;\n-- migrate down\n-- migrate:down\nSELECT 2;";
  expect(parse(text).problems).toEqual([]);
});

test.each([
  ["there is no marker", "SELECT 1;\n", ['1_a.sql: there is no "-- migrate:up" line, so nothing in it would run']],
  [
    "there are two up markers",
    "-- migrate:up\nSELECT 1;\n-- migrate:up\nSELECT 2;\n",
    ['1_a.sql: "-- migrate:up" stands on lines 1 and 3'],
  ],
  ["a marker is misspelt", "-- migrate:upp\n-- migrate:up\nSELECT 1;", ['1_a.sql:1: "-- migrate:upp" is no marker']],
  [
    "statements stand above the marker",
    "SELECT 1;\n-- migrate:up\nSELECT 2;\n",
    ['1_a.sql: there are statements before line 2\'s "-- migrate:up": they would never run'],
  ],
  [
    "up is empty",
    "-- migrate:up\n\n-- nothing\n-- migrate:down\nSELECT 1;",
    ["1_a.sql:2: the up section has no statement"],
  ],
  [
    "an option is unknown",
    "-- migrate:up transction:false\nSELECT 1;",
    ['1_a.sql:1: "transction:false" is no option of a migration'],
  ],
])("fails when %s", (_name, text, problems) => {
  expect(parse(text).problems.map(({ message }) => message)).toEqual(problems);
});
