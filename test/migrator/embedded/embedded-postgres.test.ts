import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { jsonLines, makeDirectory, runBin, startMigrator, waitUntil, writeMigrations } from "../../support/migrator";

let dataDir: string;

beforeEach(() => {
  dataDir = makeDirectory();
});

afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

const dir = writeMigrations({ "1_a.sql": "-- migrate:up\nCREATE TABLE a (id integer);\n" });

function run(command: string) {
  return runBin([command, "--json", "--dir", dir, "--data-dir", dataDir]);
}

const users = () => (existsSync(join(dataDir, "users")) ? readdirSync(join(dataDir, "users")) : []);
const isRunning = () => existsSync(join(dataDir, "postgres", "postmaster.pid"));

test("without a database, an embedded one is started, keeps its data between runs, and is stopped", async () => {
  expect(jsonLines((await run("up")).stdout).at(-1)).toMatchObject({ event: "done", migrations: ["1_a"] });
  expect(isRunning()).toBe(false);
  expect(jsonLines((await run("up")).stdout).at(-1)).toMatchObject({ event: "done", migrations: [] });
});

test("processes that start at once share it, and the last one stops it", async () => {
  const results = await Promise.all([run("up"), run("up"), run("status"), run("up")]);

  expect(results.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual([0, 0, 0, 0]);
  expect(isRunning()).toBe(false);
});

test("a server left behind by a killed process is used and stopped by the next one", async () => {
  const slow = writeMigrations({ "1_a.sql": "-- migrate:up\nSELECT pg_sleep(60);\n" });
  const { child, ended } = startMigrator(["up", "--json", "--dir", slow, "--data-dir", dataDir]);
  await waitUntil(async () => users().some((user) => user.startsWith(`${child.pid}.`)), "the start");
  child.kill("SIGKILL");
  await ended;
  expect(isRunning()).toBe(true);

  expect((await run("up")).code).toBe(0);
  expect(isRunning()).toBe(false);
});
