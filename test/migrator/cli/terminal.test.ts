import { join } from "node:path";
import { useTestDatabase } from "../../support/database";
import { bin, cleanEnvironment, makeDirectory, runMigrator, start, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

const one = "-- migrate:up\nCREATE TABLE one (id integer);\n";
const dir = writeMigrations({ "1_one.sql": one });

/** Runs the bin on a pseudo terminal (util-linux' script), and answers when it asks. */
async function onTerminal(args: readonly string[], env: NodeJS.ProcessEnv = {}, answer = "") {
  const command = [process.execPath, bin, ...args].map((word) => `'${word}'`).join(" ");
  const script = ["--quiet", "--return", "--command", command, join(makeDirectory(), "typescript")];
  const environment = cleanEnvironment({ TERM: "xterm", DATABASE_URL: database.url, NO_COLOR: undefined, ...env });
  const { child, ended } = start("script", script, environment, { stdin: "pipe" });
  let question = "";
  child.stdout?.on("data", (chunk) => {
    question += chunk;
    if (question.includes("[y/N]")) {
      child.stdin?.write(answer);
      question = "";
    }
  });
  return ended;
}

/** How a coloured word begins (ECMA-48: SGR 3x). */
const colour = "\u001b[3";
/** How a line is drawn over itself (ECMA-48: EL). */
const erase = "\r\u001b[K";

test("a terminal gets words in colour", async () => {
  const { code, stdout } = await onTerminal(["up", "--dir", dir]);

  expect(code).toBe(0);
  expect(stdout).toContain("1 migration applied");
  expect(stdout).toContain(colour);
});

test("NO_COLOR is honoured", async () => {
  const { stdout } = await onTerminal(["status", "--dir", dir], { NO_COLOR: "1" });

  expect(stdout).toMatch(/1_one {6}pending/);
  expect(stdout).not.toContain(colour);
});

test("a terminal gets JSON lines when they are asked for", async () => {
  const { stdout } = await onTerminal(["status", "--json", "--dir", dir]);

  expect(JSON.parse(stdout.slice(stdout.indexOf("{"), stdout.lastIndexOf("}") + 1))).toMatchObject({ event: "status" });
});

test.each([
  ["y\n", 0],
  ["n\n", 4],
])("repair asks on a terminal; after %j the next up exits %i", async (answer, code) => {
  await runMigrator(["up", "--dir", dir, "--database-url", database.url]);
  const edited = writeMigrations({ "1_one.sql": `${one}-- a comment\n` });

  const { stdout } = await onTerminal(["repair", "--dir", edited], {}, answer);

  expect(stdout).toContain("Change the ledger? [y/N]");
  expect((await runMigrator(["up", "--dir", edited, "--database-url", database.url])).code).toBe(code);
});

test("a data migration shows a bar that is drawn over itself", async () => {
  await database.query("CREATE TABLE accounts AS SELECT id, 0 AS amount FROM generate_series(1, 300) AS id");
  const batches = writeMigrations({
    "1_backfill.ts": `export const batches = {
      next: async (client: any, last: number | undefined) =>
        (await client.query("SELECT id FROM accounts WHERE id > $1 ORDER BY id LIMIT 100", [last ?? 0])).rows.map((row: any) => row.id),
      apply: (client: any, keys: readonly number[]) => client.query("UPDATE accounts SET amount = 1 WHERE id = ANY($1)", [keys]),
      total: async () => 300,
      pauseMs: 150,
    };`,
  });

  const { stdout } = await onTerminal(["up", "--dir", batches]);

  const drawn = stdout.split(erase).filter((line) => line.includes("1_backfill: ") && line.includes("█"));
  expect(drawn.length).toBeGreaterThan(1);
  expect(drawn[0]).toMatch(/100 of 300 rows, [\d,]+ a second, \d+ m?s left$/);
});
