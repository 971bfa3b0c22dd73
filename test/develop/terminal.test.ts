import { createTestDatabase, type TestDatabase } from "../support/database";
import { bin, cleanEnvironment, makeDirectory, runMigrator, start, writeMigrations } from "../support/migrator";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

const dir = writeMigrations({
  "1_one.sql": "-- migrate:up\nCREATE TABLE one (id bigint PRIMARY KEY);\n\n-- migrate:down\nDROP TABLE one;\n",
});
const models = writeMigrations({ "schema.sql": "CREATE TABLE one (id bigint PRIMARY KEY);" });

const commands: readonly [string, readonly string[], string][] = [
  ["generate", ["--models", models, "-m", "nothing"], "nothing to do"],
  ["check", ["--models", models], "✔"],
  ["lint", [], "nothing found in 1 migration"],
  ["verify", [], "1 migration verified"],
  ["plan", [], "nothing to apply"],
  ["drift", [], "no change by hand"],
];

beforeAll(async () => {
  const { code } = await runMigrator(["up", "--dir", dir], { DATABASE_URL: database.url });
  expect(code).toBe(0);
});

/** Runs the bin on a pseudo terminal (util-linux' script) on which nobody types. */
function onTerminal(args: readonly string[]) {
  const command = [process.execPath, bin, ...args].map((word) => `'${word}'`).join(" ");
  const script = `script --quiet --return --command "${command}" ${makeDirectory()}/typescript < /dev/null`;
  return start("bash", ["-c", script], cleanEnvironment({ TERM: "xterm", DATABASE_URL: database.url })).ended;
}

test.each(commands)("%s speaks in words on a terminal, and waits for nobody", async (command, args, words) => {
  const { code, stdout } = await onTerminal([command, "--dir", dir, ...args]);

  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(words) });
  expect(stdout).not.toMatch(/^\{/m);
});

test.each(commands)("%s prints JSON lines without one", async (command, args) => {
  const { code, stdout } = await runMigrator([command, "--dir", dir, ...args], { DATABASE_URL: database.url });

  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^(\{.*\}\n)+$/) });
});
