import { cpSync } from "node:fs";
import { join } from "node:path";
import {
  cleanEnvironment,
  jsonLines,
  makeDirectory,
  root,
  runMigrator,
  start,
  writeMigrations,
} from "../../support/migrator";

const dropped = "-- migrate:up\nALTER TABLE orders DROP COLUMN total;\n-- migrate:down\nSELECT 1;\n";
const nullable = "-- migrate:up\nALTER TABLE orders ALTER total DROP NOT NULL;\n-- migrate:down\nSELECT 1;\n";

test("lint passes the migrations of this project, without a database", async () => {
  const { code, stdout, stderr } = await runMigrator(["lint", "--format", "words"]);

  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: "nothing found in 4 migrations; 1 of them in code, whose SQL is not read\n",
    stderr: "",
  });
});

test("lint exits 3 for errors, as JSON lines when nobody looks", async () => {
  const { code, stdout } = await runMigrator(["lint", "--dir", writeMigrations({ "1_a.sql": dropped })]);

  expect(code).toBe(3);
  expect(jsonLines(stdout)).toMatchObject([
    { event: "finding", rule: "drop-column", line: 2 },
    { event: "lint", errors: 1, warnings: 0, migrations: 1, unread: [] },
  ]);
});

test("lint passes warnings, unless it is strict", async () => {
  const dir = writeMigrations({ "1_a.sql": nullable });

  expect((await runMigrator(["lint", "--dir", dir])).code).toBe(0);
  expect((await runMigrator(["lint", "--dir", dir, "--strict"])).code).toBe(3);
});

test("lint --format github prints nothing when there is nothing", async () => {
  expect(await runMigrator(["lint", "--format", "github"])).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("lint --rules lists the rules", async () => {
  const { code, stdout } = await runMigrator(["lint", "--rules", "--format", "words"]);

  expect(code).toBe(0);
  expect(stdout).toMatch(/^missing-concurrently {2}error\n {2}an index is built/);
});

test("fails with exit 2 when squawk is not installed, and says how to get it", async () => {
  const elsewhere = makeDirectory();
  cpSync(join(root, "dist"), join(elsewhere, "dist"), { recursive: true });
  const dir = writeMigrations({ "1_a.sql": dropped });

  const args = [join(elsewhere, "dist/cli.js"), "lint", "--dir", dir, "--no-json"];
  const { code, stderr } = await start(process.execPath, args, cleanEnvironment(), { cwd: elsewhere }).ended;

  expect(code).toBe(2);
  expect(stderr).toContain("lint needs squawk, which is not installed");
  expect(stderr).toContain("npm install --save-dev squawk-cli");
});
