import { inspectSection } from "../../../migrator/source/inspect";
import type { SqlMigration } from "../../../migrator/source/migration";

async function problemsOf(sql: string): Promise<string[][]> {
  const up = { sql, firstLine: 2, transaction: true };
  const migration: SqlMigration = { kind: "sql", name: "1_a", file: "1_a.sql", checksum: "", up };
  const problems = await inspectSection(migration, up);
  return problems.map(({ message, hint = "" }) => [message, hint]);
}

const dumped = `\\restrict Kx0aQ1
SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.a (id integer, v text);
COPY public.a (id, v) FROM stdin;
1\tit's
\\N\t\\\\x
\\.

\\unrestrict Kx0aQ1
`;

it("a dump is refused with all its lines for psql, each with what to do about it", async () => {
  const rows = "Dump rows as INSERT, with `pg_dump --inserts`; or write them in a TypeScript migration.";
  const psqlAlone = "Delete the line: pg_dump writes it for psql alone.";
  expect(await problemsOf(dumped)).toEqual([
    ['1_a.sql:2: "\\restrict Kx0aQ1" is a command of psql, not SQL', psqlAlone],

    ['1_a.sql:9: "\\." is a command of psql, not SQL', rows],
    ['1_a.sql:11: "\\unrestrict Kx0aQ1" is a command of psql, not SQL', psqlAlone],
  ]);
});

it("rows of COPY without their end are refused at the COPY", async () => {
  expect(await problemsOf("\\restrict x\nCOPY a FROM stdin;\nit's\n")).toEqual([
    [expect.stringContaining("1_a.sql:2:"), expect.anything()],
    [expect.stringContaining('1_a.sql:3: "COPY a FROM stdin;" reads from a client'), expect.anything()],
  ]);
});

it("a dump that is too long to be parsed is refused as well", async () => {
  expect((await problemsOf(dumped + "SELECT 'it''s \\.';\n".repeat(120_000))).length).toBe(3);
});

it.each([
  ["\\connect shop", "DATABASE_URL"],
  ["\\c shop", "DATABASE_URL"],
  ["\\copy a FROM 'a.csv'", "pg_dump --inserts"],
  ["\\i other.sql", "Write out the file"],
  ["\\ir other.sql", "Write out the file"],
  ["\\set n 1", "Write values where they are used"],
  ["\\echo done", "Delete the line"],
  ["SELECT 'DROP TABLE a' \\gexec", "DO block with EXECUTE"],
  ["SELECT 1 AS n \\gset", "Write values where they are used"],
  ["SELECT 1 \\g", "semicolon"],
  ["\\if :n", "DO block"],
  ["\\dt", "Delete the line"],
  ["\\! ls", "Run programs before"],
  ["\\timing on", "Delete the line, or write"],
])("%s is refused with its line and a hint of its own", async (line, hint) => {
  expect(await problemsOf(`SELECT 1;\n/* \\i a */ -- \\i b\n  ${line}\nSELECT '\\i c';\n`)).toEqual([
    [`1_a.sql:4: "${line}" is a command of psql, not SQL`, expect.stringContaining(hint)],
  ]);
});

it.each(["SELECT E'\n\\i a';", "DO $$ BEGIN\n-- \\restrict x\nEND $$;", "SELECT '\n\\gexec';", "SELCT '\n\\i a';"])(
  "a backslash in quotes or a comment is no command: %j",
  async (sql) => {
    expect(await problemsOf(sql)).toEqual([]);
  },
);
