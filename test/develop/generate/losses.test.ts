import { findLosses } from "../../../develop/generate/losses";
import { readPhysical } from "../../../develop/generate/physical";
import { createTestDatabase, type TestDatabase, withClient } from "../../support/database";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.query(`CREATE TYPE state AS ENUM ('open', 'shut');
    CREATE TYPE pair AS (a integer, b text);
    CREATE DOMAIN amount AS bigint;
    CREATE SEQUENCE numbers;
    CREATE TABLE t (id serial PRIMARY KEY, small varchar(10), wide text, n numeric(10, 2), s state, p pair, m amount,
      twice integer GENERATED ALWAYS AS (7) STORED, list integer[], at timestamp)`);
});

afterAll(() => database.drop());

/** What a change loses; the change is rolled back. */
function lossesOf(change: string): Promise<string[]> {
  return withClient(database.url, async (client) => {
    const before = await readPhysical(client);
    await client.query("BEGIN");
    await client.query(change);
    const losses = findLosses("up", before, await readPhysical(client));
    return losses.map(({ severity, object, what }) => `${severity}: ${object} ${what}`);
  });
}

test.each([
  ["ALTER TABLE t ADD COLUMN more text", []],
  ["ALTER TABLE t RENAME TO u", []],
  ["ALTER TABLE t RENAME COLUMN wide TO wider", []],
  ["ALTER TYPE state RENAME VALUE 'open' TO 'opened'", []],
  ["ALTER TYPE state RENAME TO condition", []],
  ["ALTER TABLE t DROP COLUMN twice", []],
  ["ALTER TABLE t ALTER COLUMN small TYPE varchar(20)", []],
  ["ALTER TABLE t ALTER COLUMN small TYPE text", []],
  ["ALTER TABLE t ALTER COLUMN n TYPE numeric(12, 2)", []],
  ["ALTER TABLE t ALTER COLUMN list TYPE bigint[]", []],
  ["ALTER TABLE t ADD COLUMN more integer NOT NULL DEFAULT 1", []],
  ["ALTER TABLE t ADD COLUMN more integer UNIQUE CHECK (more > 0) REFERENCES t", []],
  ["ALTER TABLE t RENAME COLUMN id TO number", []],
  ["CREATE TABLE u (id integer PRIMARY KEY CHECK (id > 0))", []],
  ["CREATE INDEX ON t (wide)", []],
  [
    "ALTER TABLE t ADD CONSTRAINT positive CHECK (n > 0)",
    ["at risk: constraint public.t.positive is new: the migration fails where rows contradict it"],
  ],
  [
    "ALTER TABLE t ADD COLUMN more integer DEFAULT 1 UNIQUE",
    ["at risk: constraint public.t.t_more_key is new: the migration fails where rows contradict it"],
  ],
  [
    "CREATE UNIQUE INDEX ON t (lower(wide))",
    ["at risk: index public.t_lower_idx is new: the migration fails where rows contradict it"],
  ],
  ["DROP TABLE t", ["lost: table public.t is dropped: its rows are lost"]],
  ["DROP TABLE t; CREATE TABLE t (id integer)", ["lost: table public.t is dropped and made anew: its rows are lost"]],
  ["ALTER TABLE t DROP COLUMN wide", ["lost: column public.t.wide is dropped: its values are lost"]],
  [
    "ALTER TABLE t DROP COLUMN wide, ADD COLUMN wide text",
    ["lost: column public.t.wide is dropped and made anew: its values are lost"],
  ],
  ["ALTER TABLE t DROP COLUMN id", ["lost: column public.t.id is dropped: its values are lost"]],
  ["DROP SEQUENCE numbers", ["lost: sequence public.numbers is dropped: its position is lost"]],
  [
    "ALTER TABLE t ALTER COLUMN id DROP DEFAULT; DROP SEQUENCE t_id_seq",
    ["lost: sequence public.t_id_seq is dropped: its position is lost"],
  ],
  [
    `ALTER TYPE state RENAME TO old; CREATE TYPE state AS ENUM ('open');
     ALTER TABLE t ALTER COLUMN s TYPE state USING s::text::state; DROP TYPE old`,
    ["lost: type public.state no longer has 'shut': rows that hold it make the migration fail"],
  ],
  [
    "ALTER TYPE pair DROP ATTRIBUTE b CASCADE",
    ["lost: attribute public.pair.b is dropped: values of the type lose it"],
  ],
  [
    "ALTER TABLE t ALTER COLUMN wide TYPE varchar(5)",
    [
      "at risk: column public.t.wide changes from text to character varying(5): a value that does not fit makes the migration fail",
    ],
  ],
  [
    "ALTER TABLE t ALTER COLUMN n TYPE numeric(10, 0)",
    [
      "at risk: column public.t.n changes from numeric(10,2) to numeric(10,0): values are rounded to it, and one that is out of range makes the migration fail",
    ],
  ],
  [
    "ALTER TABLE t ALTER COLUMN at TYPE timestamp(0)",
    [
      "at risk: column public.t.at changes from timestamp without time zone to timestamp(0) without time zone: values are rounded to it, and one that is out of range makes the migration fail",
    ],
  ],
  [
    "ALTER TABLE t ALTER COLUMN list TYPE smallint[]",
    [
      "at risk: column public.t.list changes from integer[] to smallint[]: a value that does not fit makes the migration fail",
    ],
  ],
  [
    "ALTER TABLE t ALTER COLUMN wide SET NOT NULL",
    ["at risk: column public.t.wide becomes NOT NULL: the migration fails where a row holds null"],
  ],
  [
    "ALTER TABLE t ADD COLUMN more integer NOT NULL",
    ["at risk: column public.t.more is NOT NULL without a default: the migration fails on a table that has rows"],
  ],
])("%s", async (change, expected) => {
  expect(await lossesOf(change)).toEqual(expected);
});
