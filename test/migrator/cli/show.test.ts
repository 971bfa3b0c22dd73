import { useTestDatabase } from "../../support/database";
import { behindTarget, jsonLines, runMigrator, writeMigrations } from "../../support/migrator";

const one = "-- migrate:up\nCREATE TABLE one (id integer);\n\n-- migrate:down\nDROP TABLE one;\n";
const files = {
  "20260101000001_one.sql": one,
  "20260101000002_index_one.sql":
    "-- migrate:up transaction:false lock_timeout:10s\nCREATE INDEX CONCURRENTLY one_id ON one (id);\n",
  "20260101000003_code.ts": "export async function up() {}\n",
};

const database = useTestDatabase();

function run(command: string, dir: string, ...more: string[]) {
  return behindTarget(runMigrator([command, ...more, "--no-json", "--dir", dir, "--database-url", database.url]));
}

async function showJson(dir: string, name: string) {
  const result = await runMigrator(["show", name, "--json", "--dir", dir, "--database-url", database.url]);
  return { code: result.code, ...jsonLines(result.stdout)[0] };
}

test("an applied migration is shown with who ran it, when, and its SQL", async () => {
  const dir = writeMigrations(files);
  await run("up", dir);

  const { code, stdout } = await run("show", dir, "20260101000001");

  expect(code).toBe(0);
  const [head = "", up, down] = stdout.split(/\n\n(?=-- migrate:)/);
  expect(head.split("\n")).toEqual([
    "20260101000001_one",
    "  state      applied",
    `  file       ${dir}/20260101000001_one.sql`,
    "  kind       SQL",
    expect.stringMatching(/^ {2}checksum {3}sha256:[0-9a-f]{64}$/),
    expect.stringMatching(/^ {2}applied {4}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/),
    expect.stringMatching(/^ {2}runs {7}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d applied by postgres from \S+, took \d+ ms$/),
  ]);
  expect(up).toBe("-- migrate:up\nCREATE TABLE one (id integer);");
  expect(down).toBe("-- migrate:down\nDROP TABLE one;\n");
});

test("a pending migration is found by the beginning of its slug, and shown with its options", async () => {
  const { stdout } = await run("show", writeMigrations(files), "index");

  expect(stdout).toMatch(/^20260101000002_index_one\n {2}state {6}pending\n/);
  expect(stdout).toContain("-- migrate:up transaction:false lock_timeout:10000ms\nCREATE INDEX");
});

test("of a module the file is shown", async () => {
  const dir = writeMigrations(files);

  const { stdout } = await run("show", dir, "code");

  expect(stdout).toContain(
    `  file       ${dir}/20260101000003_code.ts\n  kind       module: its code is in the file\n`,
  );
  expect(stdout).not.toContain("-- migrate");
});

test("an edited migration is shown with both checksums and what up says about it", async () => {
  await run("up", writeMigrations(files));

  const { code, stdout } = await run(
    "show",
    writeMigrations({ ...files, "20260101000001_one.sql": `${one}--\n` }),
    "one",
  );

  expect(code).toBe(0);
  expect(stdout).toMatch(/state {6}edited\n/);
  expect(stdout).toMatch(/in ledger {2}sha256:/);
  expect(stdout).toMatch(/migration 20260101000001_one was edited after it was applied/);
});

test("a failed run is shown with its error, and a partial migration with how far it came", async () => {
  const dir = writeMigrations({
    "20260101000001_stops.sql": "-- migrate:up transaction:false\nCREATE TABLE a ();\nSELECT 1/0;\n",
  });
  await run("up", dir);

  const { stdout } = await run("show", dir, "stops");

  expect(stdout).toMatch(/state {6}partial\n/);
  expect(stdout).toMatch(/progress {3}its up is at statement 2 of 2\n/);
  expect(stdout).toMatch(/failed by postgres from \S+, took .*: .*division by zero/);
});

test("a migration that only the ledger knows is shown", async () => {
  await run("up", writeMigrations(files));
  const dir = writeMigrations({ "20260101000001_one.sql": one });

  expect((await run("show", dir, "20260101000003_code")).stdout).toContain(
    "file       none here: only the ledger knows it",
  );
  expect(await showJson(dir, "code")).toMatchObject({ code: 0, state: "ahead", file: null, up: null, ledger: {} });
});

test("JSON carries everything", async () => {
  const dir = writeMigrations(files);
  await run("up", dir);

  expect(await showJson(dir, "one")).toMatchObject({
    code: 0,
    event: "migration",
    name: "20260101000001_one",
    state: "applied",
    kind: "sql",
    up: { sql: "CREATE TABLE one (id integer);\n", transaction: true, firstLine: 2 },
    down: { sql: "DROP TABLE one;\n" },
    ledger: { sequence: 1 },
    runs: [{ action: "up", outcome: "applied", role: "postgres" }],
    problems: [],
  });
});

test("fails when several migrations may be meant, and when none is", async () => {
  const dir = writeMigrations(files);

  expect(await run("show", dir, "2026")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("[ambiguous-name, exit 2]"),
  });
  expect(await run("show", dir, "indx_one")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/Did you mean 20260101000002_index_one\?[\s\S]*\[unknown-name, exit 2\]/),
  });
});

test("fails when no name is given", async () => {
  expect(await run("show", writeMigrations(files))).toMatchObject({ code: 2, stderr: expect.stringContaining("name") });
});
