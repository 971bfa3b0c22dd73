import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase } from "../../support/database";
import {
  behindTarget,
  bin,
  cleanEnvironment,
  jsonLines,
  makeDirectory,
  runMigrator,
  start,
} from "../../support/migrator";

let database: TestDatabase;
let repository: string;

const first =
  "-- migrate:up\nCREATE TABLE customers (id bigint PRIMARY KEY);\n\n-- migrate:down\nDROP TABLE customers;\n";
const model = "CREATE TABLE customers (id bigint PRIMARY KEY);";

beforeEach(async () => {
  database = await createTestDatabase();
  repository = makeDirectory();
  mkdirSync(join(repository, "migrations"));
  write("migrations/20260101000000_first.sql", first);
  write("schema.sql", model);
  git("init", "--quiet", "--initial-branch", "main");
  commit("begin");
  git("checkout", "--quiet", "-b", "feature");
});

afterEach(() => database.drop());

const write = (path: string, text: string) => writeFileSync(join(repository, path), text);
const git = (...args: string[]) =>
  execFileSync("git", ["-C", repository, "-c", "user.name=a", "-c", "user.email=a@b.c", ...args], { stdio: "pipe" });

function commit(message: string): void {
  git("add", "--all");
  git("commit", "--quiet", "--allow-empty", "--message", message);
}

/** Merges a migration into main, as a colleague would. */
function mergeOnMain(path: string, text: string): void {
  commit("mine");
  git("checkout", "--quiet", "main");
  write(path, text);
  commit("colleague");
  git("checkout", "--quiet", "feature");
}

function check(args: readonly string[] = ["--base", "main", "--no-json"]) {
  const paths = ["--dir", join(repository, "migrations"), "--models", join(repository, "schema.sql")];
  return behindTarget(runMigrator(["check", ...paths, ...args], { DATABASE_URL: database.url }));
}

const second = "-- migrate:up\nCREATE TABLE orders (id bigint PRIMARY KEY);\n\n-- migrate:down\nDROP TABLE orders;\n";

test("passes when models equal migrations, history is one line and lint is clean", async () => {
  write("migrations/20260102000000_second.sql", second);
  write("schema.sql", `${model} CREATE TABLE orders (id bigint PRIMARY KEY);`);

  const { code, stdout } = await check();

  expect(stdout).toBe(
    "✔ models: the migrations lead to what the models say\n✔ history: one line, nothing edited\n✔ lint: clean\n",
  );
  expect(code).toBe(0);
});

test("fails with the difference when models do not equal migrations", async () => {
  write("schema.sql", "CREATE TABLE customers (id bigint PRIMARY KEY, email text);");

  const { code, stdout } = await check();

  expect(code).toBe(3);
  expect(stdout).toContain('✖ models: the migrations do not lead to what the models say: `generate -m "…"`');
  expect(stdout).toContain("column public.customers.email: only in the models");
});

test("fails when a new migration is older than the newest of the other branch", async () => {
  write("migrations/20260102000000_second.sql", second);
  write("schema.sql", `${model} CREATE TABLE orders (id bigint PRIMARY KEY);`);
  mergeOnMain("migrations/20260103000000_third.sql", "-- migrate:up\nSELECT 1;\n-- migrate:down\n");

  const { code, stdout } = await check();

  expect(code).toBe(3);
  expect(stdout).toContain("20260102000000_second is new and older than 20260103000000_third, which is on main");
  expect(stdout).toContain("merge main, then `rebase 20260102000000_second`");
});

test("a branch that is merely behind passes", async () => {
  mergeOnMain("migrations/20260103000000_third.sql", "-- migrate:up\nSELECT 1;\n-- migrate:down\n");

  expect((await check()).code).toBe(0);
});

test("fails when a migration of the other branch was edited", async () => {
  write("migrations/20260101000000_first.sql", first.replace("PRIMARY KEY", "PRIMARY KEY CHECK (id > 0)"));
  write("schema.sql", "CREATE TABLE customers (id bigint PRIMARY KEY CHECK (id > 0));");

  const { code, stdout } = await check();

  expect(code).toBe(3);
  expect(stdout).toContain("20260101000000_first is on main and was edited here");
});

test("line ends are no edit", async () => {
  write("migrations/20260101000000_first.sql", first.replaceAll("\n", "\r\n"));

  expect((await check()).code).toBe(0);
});

test("final newlines are no edit", async () => {
  write("migrations/20260101000000_first.sql", first.trimEnd());

  expect((await check()).code).toBe(0);
});

test("fails when a migration of the other branch was renamed", async () => {
  const [from, to] = ["20260101000000_first.sql", "20260102000000_first.sql"];
  renameSync(join(repository, "migrations", from), join(repository, "migrations", to));

  const { code, stdout } = await check();

  expect(code).toBe(3);
  expect(stdout).toContain("20260101000000_first is on main and was deleted or renamed here");
});

test("fails when a migration of the other branch is ignored here", async () => {
  write("migrations/20260102000000_second.sql", second);
  write("schema.sql", "CREATE TABLE orders (id bigint PRIMARY KEY);");
  write("schemagate.json", '{ "ignore": ["*_first.sql"] }');

  const { code, stdout } = await check();

  expect(code).toBe(3);
  expect(stdout).toContain("20260101000000_first is on main and was deleted or renamed here");
});

test("what the other branch ignores is no part of its history", async () => {
  git("checkout", "--quiet", "main");
  write("migrations/20260101000000_first.bak.sql", first);
  write("schemagate.json", '{ "ignore": ["*.bak.sql"] }');
  commit("set aside");
  git("checkout", "--quiet", "-B", "feature");
  rmSync(join(repository, "migrations/20260101000000_first.bak.sql"));

  expect((await check()).code).toBe(0);
});

test("an edit that the other branch has as well passes", async () => {
  const edited = first.replace("CREATE TABLE", "CREATE  TABLE");
  mergeOnMain("migrations/20260101000000_first.sql", edited);
  write("migrations/20260101000000_first.sql", edited);

  expect((await check()).code).toBe(0);
});

test("fails when lint finds an error in what is new, and only there", async () => {
  write(
    "migrations/20260102000000_second.sql",
    "-- migrate:up\nDROP TABLE customers;\n\n-- migrate:down\nCREATE TABLE customers (id bigint PRIMARY KEY);\n",
  );
  write("schema.sql", "CREATE SCHEMA later;");

  const { code, stdout } = await check();

  expect(code).toBe(3);
  expect(stdout).toMatch(/✖ lint: 1 finding\n .*20260102000000_second\.sql:2: .*customers/);
});

test("tells machines what it found", async () => {
  write("schema.sql", "CREATE TABLE customers (id bigint PRIMARY KEY, email text);");

  const { code, stdout } = await check(["--base", "main"]);

  expect(code).toBe(3);
  expect(jsonLines(stdout)).toEqual([
    {
      event: "checked",
      ok: false,
      differences: [expect.objectContaining({ identity: "public.customers.email", change: "missing" })],
      history: [],
      lint: [],
      target: expect.objectContaining({ database: database.name, scratch: true }),
    },
  ]);
});

test("without a base and models it says what was not checked", async () => {
  const env = cleanEnvironment({ DATABASE_URL: database.url });
  const args = [bin, "check", "--no-json", "--dir", "migrations"];
  const { code, stdout } = await start(process.execPath, args, env, { cwd: repository }).ended;

  expect(stdout).toContain("- models: no models are named");
  expect(stdout).toContain("- history: not checked: name the branch to merge into with --base");
  expect(code).toBe(0);
});

test.each([
  ["a ref that git does not know", "nowhere", "git knows no such commit"],
  ["what looks like an option", "--output=x", "git knows no such commit"],
])("refuses %s", async (_, base, reason) => {
  const { code, stderr } = await check([`--base=${base}`, "--no-json"]);

  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(reason) });
});

test("refuses a base where there is no repository", async () => {
  rmSync(join(repository, ".git"), { recursive: true });

  const { code, stderr } = await check();

  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("is in no git repository") });
});

test("refuses files that are no migrations", async () => {
  write("migrations/20260102000000_second.sql", "CREATE TABLE orders (id integer);");

  const { code, stderr } = await check();

  expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('there is no "-- migrate:up" line') });
});
