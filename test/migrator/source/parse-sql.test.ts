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
