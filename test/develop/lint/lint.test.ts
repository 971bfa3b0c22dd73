import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lintMigrations } from "../../../develop/lint/lint";
import { type LintRequest, runLint } from "../../../develop/lint/run";
import { createStyle } from "../../../migrator/events/words";
import { loadSource } from "../../../migrator/source/load";
import { makeDirectory, writeMigrations } from "../../support/migrator";

const request: LintRequest = {
  names: [],
  format: "words",
  style: createStyle(false),
  signal: new AbortController().signal,
};

const dropped = "-- migrate:up\n\nALTER TABLE orders\n  DROP COLUMN total;\n\n-- migrate:down\nSELECT 1;\n";

async function lint(files: Readonly<Record<string, string>>, names?: readonly string[]) {
  return lintMigrations(await loadSource(writeMigrations(files)), names);
}

test("tells where, what, why and what to do instead", async () => {
  const source = await loadSource(writeMigrations({ "1_a.sql": dropped }));

  const { text, errors, warnings } = await runLint(source, request);

  expect({ errors, warnings }).toEqual({ errors: 1, warnings: 0 });
  expect(text).toBe(
    [
      `${join(source.dir, "1_a.sql")}:3:1  error  drop-column`,
      "  column total of orders is dropped",
      "    3 | ALTER TABLE orders",
      "        ^",
      "  why:     The running revision may still read or write it, and its values are gone.",
      "  instead: First release code that no longer uses it; then, in a later migration, remove it with a lint:ignore that says since when.",
      "",
      "1 error, 0 warnings in 1 migration",
    ].join("\n"),
  );
});

test("points at squawk's place, whatever stands in front of it", async () => {
  const long = "n".repeat(64);

  const [finding] = await lint({
    "1_a.sql": `-- migrate:up\nSELECT 'é😀'; CREATE TABLE ${long} (id int);\n-- migrate:down\nSELECT 1;\n`,
  });

  expect(finding).toMatchObject({ rule: "identifier-too-long", engine: "squawk", line: 2, column: 28 });
});

test("tells a problem once where both engines see it", async () => {
  const findings = await lint({ "1_a.sql": dropped });

  expect(findings.map(({ rule, engine }) => [rule, engine])).toEqual([["drop-column", "schemagate"]]);
});

test("knows columns, checks and indexes from earlier migrations", async () => {
  const findings = await lint({
    "1_a.sql": "-- migrate:up\nCREATE TABLE t (a varchar(5), b int);\n-- migrate:down\nSELECT 1;\n",
    "2_b.sql": "-- migrate:up\nALTER TABLE t ADD CHECK (b IS NOT NULL) NOT VALID;\n-- migrate:down\nSELECT 1;\n",
    "3_c.sql": "-- migrate:up\nALTER TABLE t VALIDATE CONSTRAINT t_b_check;\n-- migrate:down\nSELECT 1;\n",
    "4_d.sql":
      "-- migrate:up\nALTER TABLE t ALTER a TYPE varchar(9), ALTER b SET NOT NULL;\n-- migrate:down\nSELECT 1;\n",
  });

  expect(findings).toEqual([]);
});

test("reads pairs of files, each with its own lines, and a head that an empty line closes off", async () => {
  const findings = await lint({
    "1_a.up.sql":
      "-- The end of totals.\n-- lint:ignore drop-column: nobody reads it since May\n\nALTER TABLE orders DROP COLUMN total;\nTRUNCATE orders;\n",
    "1_a.down.sql": "ALTER TABLE orders\n  ADD COLUM total int;\n",
  });

  expect(findings.map(({ rule, file, line }) => [rule, file.slice(-8), line])).toEqual([
    ["syntax", "down.sql", 2],
    ["truncate", "a.up.sql", 5],
  ]);
});

test("knows of code what it declares, and reads the ignores in its head", async () => {
  const findings = await lint({
    "1_a.ts": "export const lockTimeoutMs = 0;\nexport async function up() {}\n",
    "2_b.ts": "// Made once.\n// lint:ignore no-down: there is nothing to go back to\nexport async function up() {}\n",
    "3_c.ts": "export async function up() {}\nexport async function down() {}\n",
  });

  expect(findings.map(({ migration, rule }) => [migration, rule])).toEqual([
    ["1_a", "no-down"],
    ["1_a", "no-lock-timeout"],
  ]);
});

test("says that the SQL of code is not read", async () => {
  const source = await loadSource(
    writeMigrations({ "1_a.ts": "export async function up() {}\nexport async function down() {}\n" }),
  );

  const { text } = await runLint(source, request);

  expect(text).toBe("nothing found in 1 migration; 1 of them in code, whose SQL is not read");
});

test("checks repeatable objects and hooks as well", async () => {
  const dir = writeMigrations({ "1_a.sql": "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n" });
  mkdirSync(join(dir, "repeatable"));
  writeFileSync(join(dir, "repeatable/v.sql"), "DROP VIEW IF EXISTS v;\nCREATE VIEW v AS SELECT 1;\nDROP VIEW w;\n");

  const findings = await lintMigrations(await loadSource(dir));

  expect(findings.map(({ migration, rule, line }) => [migration, rule, line])).toEqual([
    ["repeatable/v", "drop-table", 3],
  ]);
});

test("tells of the migrations that are named, and refuses a name that there is none of", async () => {
  const source = await loadSource(writeMigrations({ "1_a.sql": dropped, "2_b.sql": dropped }));

  expect((await runLint(source, { ...request, names: ["2_b"] })).findings.map(({ migration }) => migration)).toEqual([
    "2_b",
  ]);
  await expect(runLint(source, { ...request, names: ["9"] })).rejects.toMatchObject({
    code: "unknown-name",
    exitCode: 2,
  });
});

test("refuses a set that up would refuse", async () => {
  const source = await loadSource(writeMigrations({ "1_a.sql": "SELECT 1;" }));

  await expect(runLint(source, request)).rejects.toMatchObject({ exitCode: 4 });
});

describe("since a branch left another", () => {
  let dir: string;
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", "-C", dir, ...args], { stdio: "pipe" });

  beforeAll(() => {
    dir = makeDirectory();
    git("init", "--initial-branch", "main");
    mkdirSync(join(dir, "sql"));
    writeFileSync(join(dir, "sql/1_old.sql"), dropped);
    writeFileSync(join(dir, "sql/2_edited.sql"), dropped);
    git("add", ".");
    git("commit", "-m", "one");
    git("checkout", "-b", "work");
    writeFileSync(join(dir, "sql/2_edited.sql"), `${dropped}\n`);
    writeFileSync(join(dir, "sql/3_new.sql"), dropped);
    git("add", ".");
    git("commit", "-m", "two");
    writeFileSync(join(dir, "sql/4_unsaved.sql"), dropped);
    git("checkout", "main");
    writeFileSync(join(dir, "sql/5_theirs.sql"), dropped);
    git("add", "sql/5_theirs.sql");
    git("commit", "-m", "three");
    git("checkout", "work");
  });

  afterAll(() => rmSync(dir, { recursive: true }));

  test("checks what is new or changed, committed or not", async () => {
    const source = await loadSource(join(dir, "sql"));

    const { findings } = await runLint(source, { ...request, base: "main" });

    expect(findings.map(({ migration }) => migration)).toEqual(["2_edited", "3_new", "4_unsaved"]);
  });

  test("annotates paths as the repository has them", async () => {
    const source = await loadSource(join(dir, "sql"));

    const { text } = await runLint(source, { ...request, base: "main", names: ["3_new"], format: "github" });

    expect(text).toMatch(
      /^::error file=sql\/3_new\.sql,line=3,endLine=4,title=drop-column::column total of orders is dropped\. The/,
    );
  });

  test.each(["nowhere", "--all", "HEAD:sql"])("refuses %s, which is no commit", async (base) => {
    const source = await loadSource(join(dir, "sql"));

    await expect(runLint(source, { ...request, base })).rejects.toMatchObject({ code: "bad-base", exitCode: 2 });
  });

  test("refuses outside of a repository", async () => {
    const source = await loadSource(writeMigrations({ "1_a.sql": dropped }));

    await expect(runLint(source, { ...request, base: "main" })).rejects.toThrow("is in no git repository");
  });
});
