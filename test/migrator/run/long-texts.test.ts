import { useTestDatabase } from "../../support/database";
import { jsonLines, runMigrator, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

const run = (command: string, dir: string, ...args: string[]) =>
  runMigrator([command, "--dir", dir, "--database-url", database.url, ...args]);

/** More than that is for no log. */
const most = 12_000;

const values = `INSERT INTO t VALUES ${"(1), ".repeat(900_000)}('wrong'), ${"(2), ".repeat(40_000)}(3);`;

test("one bad value in a line of 4.7 MB is shown with what stands around it, in words and JSON", async () => {
  const dir = writeMigrations({ "1_a.sql": `-- migrate:up\nCREATE TABLE t (id integer);\n${values}\n` });

  const words = await run("up", dir, "--no-json");
  expect(words).toMatchObject({ code: 6, stderr: expect.stringContaining("1_a.sql:3:4500") });
  expect(words.stderr.length).toBeLessThan(most);
  const [, line = "", caret = ""] = /^(.*\| … .*)\n(.*\^)$/m.exec(words.stderr) ?? [];
  expect(line.slice(caret.length - 1)).toMatch(/^'wrong'\), \(2\)/);

  const { stderr } = await run("up", dir, "--json");
  expect(stderr.length).toBeLessThan(most);
  expect(jsonLines(stderr).at(-1)).toMatchObject({ event: "failed", excerpt: expect.stringContaining("'wrong'") });
});

test("what the server says is cut, and what is left of it in the log of runs as well", async () => {
  const raise =
    "DO $$ BEGIN RAISE EXCEPTION '%', 'begin ' || repeat('m', 3000000) || ' end' " +
    "USING DETAIL = repeat('d', 3000000), HINT = repeat('h', 3000000); END $$;";
  const dir = writeMigrations({ "1_a.sql": `-- migrate:up\n${raise}\n` });

  for (const form of ["--json", "--no-json"]) {
    const { code, stderr } = await run("up", dir, form);
    expect(code).toBe(6);
    expect(stderr).toMatch(/begin m+ … \([\d,]+ characters left out\) … m+ end/);
    expect(stderr.length).toBeLessThan(most);
  }
  expect(await database.query("SELECT max(length(error)) < 2100 AS short FROM schemagate.runs")).toEqual([
    { short: true },
  ]);
});

test("a statement that is no longer what ran is named by its beginning and end", async () => {
  const free = (second: string) =>
    writeMigrations({
      "1_a.sql": `-- migrate:up transaction:false\nCREATE TABLE t (id integer);\n${second}\nSELECT 1/0;\n`,
    });
  await run("up", free("SELECT 1;"));

  const { code, stderr } = await run("up", free(values.replace("'wrong'", "4")), "--json");

  expect(code).toBe(4);
  expect(stderr.length).toBeLessThan(most);
  expect(jsonLines(stderr).at(-1)).toMatchObject({
    code: "partial-edited",
    message: expect.stringMatching(/it reads "INSERT INTO t VALUES .*characters left out.*\(3\)" \(.*1_a\.sql\)$/),
  });
});

test("so is one that its own rules refuse, and a line that should be a marker", async () => {
  const filler = "x".repeat(4_000_000);
  const dir = writeMigrations({
    "1_a.sql": `-- migrate:up\nCOMMIT /* ${"x".repeat(100_000)} */;\n`,
    "2_b.sql": `-- migrate:upp ${filler}\n-- migrate:up\nSELECT 1;\n`,
    "3_c.sql": `-- migrate:up\nSELECT 1;\n\\copy ${filler}\n`,
  });

  for (const form of ["--json", "--no-json"]) {
    const { code, stderr } = await run("up", dir, form);
    expect(code).toBe(4);
    expect(stderr.length).toBeLessThan(most);
    expect(stderr).toContain("is no marker");
  }
});
