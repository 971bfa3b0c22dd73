import { createTestDatabase, type TestDatabase, withClient } from "../../support/database";
import { disagreements, readJudged } from "./judges";
import { namingOf } from "./naming";
import { readData } from "./rows";
import { findSilentLosses } from "./survival";

const schema = `
  CREATE TABLE t (id serial PRIMARY KEY, name varchar(40), price numeric, home text);
  INSERT INTO t (name, price, home) VALUES ('Augusta Ada', 9.50, 'London'), ('Grace', NULL, NULL);`;

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
  await database.query(schema);
});
afterEach(() => database.drop());

/** What a change of the schema is said to lose. */
function lossesOf(
  change: string,
  renames: readonly string[] = [],
  announced: readonly string[] = [],
): Promise<string[]> {
  return withClient(database.url, async (after) => {
    const before = await readData(after);
    await after.query(change);
    const options = { naming: namingOf(renames), announced: new Set(announced), after };
    return findSilentLosses(before, await readData(after), options);
  });
}

describe("the judge of rows", () => {
  it.each([
    ["a column added", "ALTER TABLE t ADD note text DEFAULT 'x'", []],
    ["a wider type", "ALTER TABLE t ALTER price TYPE numeric(12, 4)", []],
    ["a rename with its hint", "ALTER TABLE t RENAME name TO called", ["column:public.t.name=called"]],
    ["a sequence that goes on counting", "ALTER TABLE t ALTER id TYPE bigint", []],
  ])("has nothing to say about %s", async (_, change, renames) => {
    expect(await lossesOf(change, renames)).toEqual([]);
  });

  it.each([
    ["a dropped column", "ALTER TABLE t DROP home", /^column public\.t\.home: its values are gone$/],
    ["a column made anew", "ALTER TABLE t DROP home, ADD home text", /^table public\.t: its rows were/],
    ["a dropped table", "DROP TABLE t", /^table public\.t: its rows are gone$/],
    ["a string cut short", "ALTER TABLE t ALTER name TYPE varchar(7) USING name::varchar(7)", /its rows were/],
    ["a null replaced", "UPDATE t SET home = '' WHERE home IS NULL", /its rows were/],
    ["a sequence that starts over", "ALTER SEQUENCE t_id_seq RESTART", /^sequence public\.t_id_seq: stood at 2/],
    [
      "a rename without its hint",
      "ALTER TABLE t RENAME name TO called",
      /^column public\.t\.name: its values are gone$/,
    ],
  ])("sees %s", async (_, change, words) => {
    expect(await lossesOf(change)).toEqual([expect.stringMatching(words)]);
  });

  it("accepts what was announced", async () => {
    expect(await lossesOf("ALTER TABLE t DROP home", [], ["column public.t.home"])).toEqual([]);
  });
});

describe("the judges of schemas", () => {
  it("both see a difference, and neither sees one where there is none", async () => {
    const [same, other] = await withClient(database.url, async (client) => {
      const before = await readJudged(client);
      const again = await readJudged(client);
      await client.query("CREATE INDEX t_name_idx ON t (name)");
      return [disagreements(before, again), disagreements(before, await readJudged(client))];
    });
    expect(same).toEqual([]);
    expect(other).toEqual(
      expect.arrayContaining([expect.stringMatching(/^catalog: /), expect.stringMatching(/^pg-delta: /)]),
    );
  });
});
