import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase } from "../../support/database";
import { behindTarget, jsonLines, runMigrator, writeMigrations } from "../../support/migrator";

const table = (name: string) => `-- migrate:up\nCREATE TABLE ${name} ();\n-- migrate:down\nDROP TABLE ${name};\n`;
const applied = { "20260101000005_five.sql": table("five") };
const branch = {
  ...applied,
  "20260101000001_one.sql": table("one"),
  "20260101000003_three.up.sql": "CREATE TABLE three ();\n",
  "20260101000003_three.down.sql": "DROP TABLE three;\n",
};

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
  await run("up", writeMigrations(applied));
});

afterEach(() => database.drop());

function run(command: string, dir: string, ...more: string[]) {
  return behindTarget(runMigrator([command, ...more, "--no-json", "--dir", dir, "--database-url", database.url]));
}

/** Slugs and extensions in the order of the files, and whether the new numbers are of today. */
function slugs(dir: string): string[] {
  return readdirSync(dir)
    .sort()
    .map((file) => file.replace(/^\d+_/, ""));
}

test("all that is out of order comes behind everything, in its order, pairs together, and up takes it", async () => {
  const dir = writeMigrations(branch);
  expect((await run("up", dir)).code).toBe(4);

  const { code, stdout } = await run("rebase", dir);

  expect(code).toBe(0);
  expect(stdout).toMatch(/^20260101000001_one -> 20\d{12}_one\n20260101000003_three -> 20\d{12}_three\n$/);
  expect(slugs(dir)).toEqual(["five.sql", "one.sql", "three.down.sql", "three.up.sql"]);
  const one = readdirSync(dir).find((file) => file.endsWith("_one.sql")) ?? "";
  expect(readFileSync(join(dir, one), "utf8")).toBe(branch["20260101000001_one.sql"]);
  expect(await run("up", dir)).toMatchObject({ code: 0, stdout: expect.stringContaining("2 migrations applied") });
});

test("a pair with dots in its name is renamed, and what only begins like it is not", async () => {
  const dir = writeMigrations({
    ...applied,
    "20260101000004_v6.up.sql": "CREATE TABLE v6 ();\n",
    "20260101000004_v6.down.sql": "DROP TABLE v6;\n",
    "20260101000003_v6.0.up.sql": "CREATE TABLE v60 ();\n",
    "20260101000003_v6.0.down.sql": "DROP TABLE v60;\n",
    "20260101000004_v6.notes": "",
  });

  expect((await run("rebase", dir)).code).toBe(0);

  expect(slugs(dir)).toEqual(["v6.notes", "five.sql", ...["v6.0.down.sql", "v6.0.up.sql", "v6.down.sql", "v6.up.sql"]]);
});

test("what is not out of order stays as it is", async () => {
  const dir = writeMigrations({ ...applied, "20260101000006_six.sql": table("six") });

  expect(await run("rebase", dir)).toMatchObject({ code: 0, stdout: "nothing is out of order\n" });
  expect(readdirSync(dir).sort()).toEqual(["20260101000005_five.sql", "20260101000006_six.sql"]);
});

test("one migration is rebased by a beginning of its name, behind names of the future, and JSON says where it went", async () => {
  const dir = writeMigrations({ ...branch, "29990101000000_future.sql": table("future") });

  const result = await runMigrator(["rebase", "one", "--json", "--dir", dir, "--database-url", database.url]);

  expect(result.code).toBe(0);
  expect(jsonLines(result.stdout)).toMatchObject([
    {
      event: "rebased",
      migrations: [
        { from: "20260101000001_one", to: "29990101000001_one", files: [join(dir, "29990101000001_one.sql")] },
      ],
      overtaken: ["20260101000003_three", "29990101000000_future"],
    },
  ]);
});

test("pending migrations that now run before are named, because they may need it", async () => {
  const dir = writeMigrations({ ...branch, "20260101000006_six.sql": table("six") });

  expect((await run("rebase", dir)).stdout).toContain(
    "20260101000006_six is pending too and now runs before them. If it needs them: `schemagate rebase 20260101000006_six`.",
  );
});

test("one of two migrations with the same number gets a number of its own", async () => {
  const dir = writeMigrations({ ...applied, "20260101000006_a.sql": table("a"), "20260101000006_b.sql": table("b") });
  expect((await run("up", dir)).stderr).toContain("[duplicate-version");

  expect((await run("rebase", dir, "b")).code).toBe(0);
  expect((await run("up", dir)).code).toBe(0);
});

test("fails when the migration is applied, and renames nothing", async () => {
  const dir = writeMigrations(branch);

  expect(await run("rebase", dir, "five")).toMatchObject({
    code: 4,
    stderr: expect.stringContaining("[rebase-applied, exit 4]"),
  });
  expect(readdirSync(dir).sort()).toEqual(Object.keys(branch).sort());
});

test("fails when the set is sealed", async () => {
  const out = join(writeMigrations({}), "sealed");
  await runMigrator(["seal", "--dir", writeMigrations(applied), "--out", out]);

  expect(await run("rebase", out)).toMatchObject({ code: 2, stderr: expect.stringContaining("[sealed, exit 2]") });
});

test("fails when no migration has the name", async () => {
  expect(await run("rebase", writeMigrations(branch), "nine")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("[unknown-name, exit 2]"),
  });
});
