import { steadyFunctions } from "../../../develop/lint/expressions";
import { lintMigrations } from "../../../develop/lint/lint";
import type { RuleName } from "../../../develop/lint/rules";
import { loadSource } from "../../../migrator/source/load";
import { createTestDatabase, type TestDatabase, testBinaries, withClient } from "../../support/database";
import { writeMigrations } from "../../support/migrator";

const table = `CREATE DOMAIN bounded AS text CHECK (VALUE <> '');
CREATE DOMAIN plain AS text;
CREATE FUNCTION steady() RETURNS integer STABLE LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION moody() RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
CREATE TABLE t (short varchar(10), anyway varchar, words text, letters char(5), small smallint, number integer, big bigint,
  price numeric(10,2), amount numeric, seen timestamp(3), at timestamptz, day date, clock time(2), span interval(2),
  ip cidr, net inet, data json, bits varbit(8), tags varchar(5)[], flag boolean);`;

/** Each is run by itself on the table, and undone. */
const statements = [
  ...[
    "short TYPE varchar(20)",
    "short TYPE varchar(5)",
    "short TYPE varchar",
    "short TYPE text",
    "short TYPE text USING short::text",
  ],
  ...[
    "short TYPE text USING upper(short)",
    "anyway TYPE text",
    "anyway TYPE varchar(5)",
    "words TYPE varchar",
    "words TYPE varchar(5)",
  ],
  ...[
    "letters TYPE char(9)",
    "letters TYPE text",
    "small TYPE integer",
    "number TYPE bigint",
    "big TYPE integer",
    "number TYPE text",
  ],
  ...[
    "price TYPE numeric(12,2)",
    "price TYPE numeric(8,2)",
    "price TYPE numeric(12,3)",
    "price TYPE numeric",
    "amount TYPE numeric(9)",
  ],
  ...[
    "number TYPE numeric",
    "seen TYPE timestamp(6)",
    "seen TYPE timestamp(1)",
    "seen TYPE timestamp",
    "at TYPE timestamptz(3)",
  ],
  ...[
    "at TYPE timestamptz(6)",
    "day TYPE timestamp",
    "clock TYPE time(4)",
    "clock TYPE time(1)",
    "span TYPE interval(4)",
  ],
  ...[
    "ip TYPE inet",
    "net TYPE cidr",
    "data TYPE jsonb",
    "bits TYPE varbit(16)",
    "bits TYPE varbit(4)",
    "tags TYPE varchar(9)[]",
  ],
  ...[
    "tags TYPE text[]",
    "tags TYPE varchar(5)[]",
    "span TYPE interval day to second(4)",
    "span TYPE interval",
    "span TYPE interval year",
    "words TYPE plain",
    "words TYPE text",
    "number TYPE integer",
  ],
].map((change) => `ALTER TABLE t ALTER COLUMN ${change}`);

const added = [
  ...[
    "n integer",
    "n integer DEFAULT 1",
    "n integer NOT NULL DEFAULT 1 + 1",
    "n timestamptz DEFAULT now()",
    "n uuid DEFAULT gen_random_uuid()",
  ],
  ...[
    "n float DEFAULT random()",
    "n integer DEFAULT steady()",
    "n integer DEFAULT moody()",
    "n serial",
    "n bounded",
    "n plain",
  ],
  ...[
    "n bounded DEFAULT 'x'",
    "n integer GENERATED ALWAYS AS IDENTITY",
    "n integer GENERATED ALWAYS AS (number + 1) STORED",
  ],
  ...[
    "n text DEFAULT lower('A')",
    "n text[] DEFAULT '{}'",
    "n jsonb DEFAULT jsonb_build_object('a', 1)",
    "n date DEFAULT current_date",
  ],
  ...["n timestamptz DEFAULT clock_timestamp()", "n text DEFAULT current_user", "n interval DEFAULT '1 day'::interval"],
  ...[
    "n timestamptz DEFAULT now() + '1 day'::interval",
    "n text DEFAULT md5(random()::text)",
    "n text DEFAULT format('%s', 1)",
  ],
].map((column) => `ALTER TABLE t ADD COLUMN ${column}`);

const all = [
  ...statements,
  ...added,
  "ALTER TABLE t SET UNLOGGED",
  // PostgreSQL 15 has it.
  ...(testBinaries().major >= 15 ? ["ALTER TABLE t SET ACCESS METHOD heap"] : []),
  "ALTER TABLE t SET (fillfactor = 50)",
];

const rewriting = new Set<RuleName>(["table-rewrite", "column-type-change", "add-serial-column"]);

/** Found although nothing is written anew: what lint says is cautious there, and why. */
const cautious: Readonly<Record<string, string>> = {
  "ALTER TABLE t ALTER COLUMN words TYPE plain": "a domain may have constraints that the migrations do not tell",
  "ALTER TABLE t SET ACCESS METHOD heap": "the table's present access method is not known",
};

let database: TestDatabase;
let found: ReadonlySet<string>;
let rewritten: ReadonlySet<string>;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.query(table);
  const number = (index: number) => String(1_000 + index);
  // One set for each statement would be many calls: a copy of the table each does as well.
  const files = all.map((sql, index): [string, string] => [
    `${number(index)}_s.sql`,
    `-- migrate:up\n${sql.replace("TABLE t ", `TABLE t${index} `)};\n-- migrate:down\nSELECT 1;\n`,
  ]);
  const tables = all.map((_, index) =>
    (index === 0 ? table : table.slice(table.indexOf("CREATE TABLE"))).replace("TABLE t ", `TABLE t${index} `),
  );
  const dir = writeMigrations({ "1_t.sql": `-- migrate:up\n${tables.join("\n")}\n`, ...Object.fromEntries(files) });
  const findings = (await lintMigrations(await loadSource(dir))).filter(({ rule }) => rewriting.has(rule));
  found = new Set(findings.map(({ migration }) => all[Number.parseInt(migration, 10) - 1_000] ?? ""));
  rewritten = await withClient(database.url, async (client) => {
    const file = async () => (await client.query("SELECT pg_relation_filenode('t') AS file")).rows[0].file;
    const before = await file();
    const changed = new Set<string>();
    for (const sql of all) {
      await client.query("BEGIN");
      await client.query(sql);
      if ((await file()) !== before) {
        changed.add(sql);
      }
      await client.query("ROLLBACK");
    }
    return changed;
  });
});

afterAll(() => database.drop());

test.each(all)("lint knows whether PostgreSQL writes the table anew for %s", (sql) => {
  expect(found.has(sql)).toBe(rewritten.has(sql) || sql in cautious);
});

test("none of the functions that lint takes for steady is volatile", async () => {
  // timezone() of a timetz was volatile up to PostgreSQL 14; the one in defaults is of a timestamp.
  const rows = await database.query(
    `SELECT DISTINCT proname FROM pg_proc WHERE proname = ANY($1) AND provolatile = 'v'
       AND pronamespace = 'pg_catalog'::regnamespace AND NOT 'timetz'::regtype = ANY(proargtypes)`,
    [[...steadyFunctions]],
  );

  expect(rows).toEqual([]);
});
