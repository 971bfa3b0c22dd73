import { useTestDatabase } from "../../support/database";
import { jsonLines, runMigrator, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

function up(dir: string) {
  return runMigrator(["up", "--json", "--dir", dir, "--database-url", database.url]);
}

/** Exit code, and code and hint of each problem of a run that was refused. */
async function refusalOf(files: Readonly<Record<string, string>>) {
  const { code, stdout, stderr } = await up(writeMigrations(files));
  expect(await database.query("SELECT to_regclass('t') AS found")).toEqual([{ found: null }]);
  const problems = jsonLines(stdout + stderr).flatMap(
    (line) => (line.problems ?? []) as { code: string; hint: string }[],
  );
  return { code, problems: problems.map(({ code: problem, hint }) => ({ problem, hint })) };
}

/** Runs in front of what is refused, if anything does. */
const first = "CREATE TABLE t (id integer);\n";

test("what other tools run and this one does not is refused before anything runs, with what to write", async () => {
  const files = {
    "1_first.up.sql": first,
    "2_replaced_by_another.up.sql": "-- replaced by 000083\n",
    "3_dbmate_template.sql": "-- migrate:up\n\n\n-- migrate:down\n\n",
    "4_indented.sql": "-- migrate:up\nSELECT 1;\n  -- migrate:down\nSELECT 2;\n",
    "5_options_of_their_own.sql": "-- migrate:up owner:shop\nSELECT 1;\n",
    "6_two words.sql": "-- migrate:up\nSELECT 1;\n",
    "20240101120000.sql": "-- migrate:up\nSELECT 1;\n",
  };

  const { code, problems } = await refusalOf(files);

  expect(code).toBe(4);
  expect(problems.filter(({ hint }) => !hint)).toEqual([]);
  expect(problems.map(({ problem }) => problem).sort()).toEqual([
    ...["bad-name", "bad-name", "empty-up", "empty-up", "unknown-marker", "unknown-option"],
  ]);
});

test("a pair with BEGIN and COMMIT of its own is refused before anything runs, with what to write", async () => {
  const files = { "1_first.up.sql": first, "2_wrapped.up.sql": "BEGIN;\nCREATE TABLE u ();\nCOMMIT;\n" };

  expect(await refusalOf(files)).toEqual({
    code: 4,
    problems: Array(2).fill({
      problem: "transaction-control",
      hint: expect.stringContaining("Or declare `transaction:false`"),
    }),
  });
});

test("a pair's CREATE INDEX CONCURRENTLY without the option is rolled back, with the option to write", async () => {
  await database.query(first);
  const dir = writeMigrations({ "1_index.up.sql": "CREATE INDEX CONCURRENTLY by_id ON t (id);\n" });

  const { code, stdout, stderr } = await up(dir);

  expect(code).toBe(6);
  expect(jsonLines(stdout + stderr)).toContainEqual(
    expect.objectContaining({ sqlState: "25001", hint: expect.stringContaining("`-- migrate:up transaction:false`") }),
  );
  expect(await database.query("SELECT to_regclass('by_id') AS found")).toEqual([{ found: null }]);
});
