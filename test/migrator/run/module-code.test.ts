import { ModuleCode } from "../../../migrator/run/module-code";
import { useTestDatabase, withClient } from "../../support/database";
import {
  jsonLines,
  makeDirectory,
  runBin,
  runMigrator,
  startMigrator,
  waitUntil,
  writeMigrations,
} from "../../support/migrator";

const database = useTestDatabase();

const create = (name: string) => `-- migrate:up\nCREATE TABLE ${name} (id integer);\n`;
const insert = (id: number) => `client.query("INSERT INTO b VALUES (${id})")`;

/** A module that makes a table, and then does something, between two SQL files. */
function filesAround(body: string, more = ""): Record<string, string> {
  return {
    "1_a.sql": create("a"),
    "2_b.ts": `export async function up({ client, log }: any) { await client.query("CREATE TABLE b (id integer)"); ${body} }\n${more}`,
    "3_c.sql": create("c"),
  };
}

/** In a process of its own, where that matters. */
const up = (files: Record<string, string>) => apply(runBin, files);
const upHere = (files: Record<string, string>) => apply(runMigrator, files);

async function apply(run: typeof runBin, files: Record<string, string>) {
  const dir = writeMigrations(files);
  const { code, stdout, stderr } = await run(["up", "--json", "--dir", dir, "--database-url", database.url]);
  const lines = `${stdout}${stderr}`.split("\n").filter((line) => line !== "");
  const failed = jsonLines(stderr).find(({ event }) => event === "failed");
  return { code, lines, failed, events: jsonLines(stdout) };
}

async function tables(): Promise<unknown[]> {
  const rows = await database.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");
  return rows.map(({ tablename }) => tablename);
}

const applied = () => database.query("SELECT name, progress FROM schemagate.migrations ORDER BY sequence");
const failedRuns = () => database.query("SELECT name, error FROM schemagate.runs WHERE outcome = 'failed'");

/** The run failed at 2_b, said so everywhere, and left nothing of it. */
async function expectHeld(run: Awaited<ReturnType<typeof up>>, why: RegExp): Promise<void> {
  expect(run).toMatchObject({
    code: 6,
    failed: { migration: "2_b", exitCode: 6, message: expect.stringMatching(why) },
  });
  expect(run.lines.every((line) => line.startsWith("{"))).toBe(true);
  expect(run.events.map(({ event }) => event)).not.toContain("done");
  expect(await tables()).toEqual(["a"]);
  expect(await applied()).toEqual([{ name: "1_a", progress: null }]);
  expect(await failedRuns()).toEqual([{ name: "2_b", error: run.failed?.message }]);
}

describe("INV-3: code of a migration decides neither when the process ends nor with what", () => {
  test.each([
    ["process.exit(0)", "process.exit(0);", /it called process\.exit\(0\)/],
    ["process.exit() that it catches", "try { process.exit(); } catch {}", /it called process\.exit\(\)/],
    ["process.reallyExit(0)", "(process as any).reallyExit(0);", /it called process\.reallyExit\(0\)/],
    ["process.abort()", "process.abort();", /it called process\.abort\(\)/],
    ["process.kill of itself", "process.kill(process.pid, 'SIGKILL');", /it called process\.kill/],
    [
      "process.exit from a timer, while it goes on",
      "setTimeout(() => process.exit(0), 1); await new Promise((resolve) => setTimeout(resolve, 400)); await client.query('SELECT 1');",
      /it called process\.exit\(0\)/,
    ],
    [
      "a promise that never settles",
      "await new Promise(() => undefined);",
      /it waits for something that never happens/,
    ],
    [
      "a promise that never settles, behind a timer",
      "await new Promise((resolve) => setTimeout(resolve, 30)); await client.query('SELECT 1'); await new Promise(() => undefined);",
      /it waits for something that never happens/,
    ],
    [
      "the same, behind the removal of all that listens",
      "process.removeAllListeners(); process.exitCode = 0; process.exit(0);",
      /it called process\.exit\(0\)/,
    ],
  ])("%s", async (_, body, why) => {
    await expectHeld(await up(filesAround(body)), why);
  });

  test("an exit code of its own, also in a listener of the process's end", async () => {
    const files = filesAround(
      "process.prependListener('exit', () => { process.exitCode = 0; }); process.on('exit', () => { process.exitCode = 0; }); process.exitCode = 0; throw new Error('no');",
    );

    await expectHeld(await up(files), /no$/);
  });

  test("an exit code of its own does not make a good run fail", async () => {
    const run = await up(filesAround("process.exitCode = 3; process.on('exit', () => { process.exitCode = 4; });"));

    expect(run).toMatchObject({ code: 0, failed: undefined });
    expect(await tables()).toEqual(["a", "b", "c"]);
  });

  test.each([
    ["process.exit(0)", "process.exit(0);", "it called process.exit(0)"],
    ["process.exit(0) that it catches", "try { process.exit(0); } catch {}", "it called process.exit(0)"],
    [
      "a promise that never settles",
      "await new Promise(() => undefined);",
      "it waits for something that never happens",
    ],
  ])("at its top level: %s", async (_, body, why) => {
    const run = await up(filesAround("", body));

    expect(run).toMatchObject({ code: 4, failed: { exitCode: 4 } });
    expect(run.failed?.message).toContain("2_b.ts");
    expect(run.failed?.message).toContain(why);
    expect(await tables()).toEqual([]);
  });

  test("sealed as from its sources", async () => {
    const sealed = makeDirectory();
    const dir = writeMigrations(filesAround("process.exit(0);"));
    expect(await runBin(["seal", "--dir", dir, "--out", sealed])).toMatchObject({ code: 0 });

    const { code, stderr } = await runBin(["up", "--json", "--dir", sealed, "--database-url", database.url]);

    expect(code).toBe(6);
    expect(jsonLines(stderr)).toMatchObject([{ event: "failed", migration: "2_b" }]);
    expect(await tables()).toEqual(["a"]);
  });

  test("without a transaction what it did stays, and the ledger knows that it was begun", async () => {
    const run = await up(filesAround("process.exit(0);", "export const transaction = false;"));

    expect(run).toMatchObject({ code: 8, failed: { migration: "2_b", exitCode: 8 } });
    expect(await tables()).toEqual(["a", "b"]);
    expect(await applied()).toEqual([
      { name: "1_a", progress: null },
      { name: "2_b", progress: expect.objectContaining({ done: 0 }) },
    ]);
  });

  test("in a batch, and in a migration that is reverted", async () => {
    const batches = "export const batches = { next: async () => [1], apply: async () => process.exit(0) };";
    expect(await up({ "1_a.sql": create("a"), "2_b.ts": batches })).toMatchObject({
      code: 8,
      failed: { migration: "2_b", message: expect.stringContaining("it called process.exit(0)") },
    });

    const dir = writeMigrations({
      "1_a.sql": create("a"),
      "2_b.ts": "export const up = async () => {}; export const down = async () => process.exit(0);",
    });
    const options = ["--json", "--dir", dir, "--database-url", database.url];
    await database.query("DELETE FROM schemagate.migrations WHERE name = '2_b'");
    expect(await runBin(["up", ...options])).toMatchObject({ code: 0 });
    const { code, stderr } = await runBin(["down", ...options]);
    expect(code).toBe(6);
    expect(jsonLines(stderr)).toMatchObject([{ event: "failed", migration: "2_b", direction: "down" }]);
  });

  test("lint, which loads it, ends with an error that names it", async () => {
    const dir = writeMigrations(filesAround("", "process.exit(0);"));

    const { code, stdout, stderr } = await runBin(["lint", "--json", "--dir", dir]);

    expect(code).not.toBe(0);
    expect(`${stdout}${stderr}`).toContain("2_b");
  });
});

describe("INV-18: a migration in code has ended when all that it began has", () => {
  test.each([
    [
      "loops that nobody awaits, with pauses",
      `[1, 2, 3].forEach(async (n) => { for (let i = 0; i < 5; i++) { await ${insert(1)}; await new Promise((r) => setTimeout(r, 20)); } });`,
      /it ended while a query of it was under way/,
    ],
    [
      "a query from a timer",
      `setTimeout(() => { ${insert(1)}; }, 50);`,
      /the code of 2_b, which had ended, sent a query behind its end \(INSERT INTO b VALUES \(1\)\)/,
    ],
    [
      "a query behind a read of a file",
      `void import("node:fs/promises").then((fs) => fs.readFile("/etc/hostname")).then(() => ${insert(1)});`,
      /sent a query behind its end/,
    ],
    ["its last query", `${insert(1)};`, /it ended while a query of it was under way/],
    ["a query with a callback", `client.query("INSERT INTO b VALUES (1)", () => {});`, /a query of it was under way/],
    ["the end of the connection", "await client.end();", /it called client\.end: the connection is the run's/],
    ["a query that it lets fail", `client.query("SELECT nonsense").catch(() => {});`, /a query of it was under way/],
  ])("%s", async (_, body, why) => {
    await expectHeld(await upHere(filesAround(body)), why);
  });

  test("a timer that never ends", () =>
    withClient(database.url, async (client) => {
      const code = new ModuleCode(client, new AbortController().signal, () => undefined, 100);
      let timer: NodeJS.Timeout | undefined;
      const run = code.run("2_b", async () => {
        timer = setInterval(() => undefined, 1_000);
      });

      await expect(run).rejects.toThrow("it ended 0.1 s ago, and what it began goes on (a timer): await it, or end it");
      clearInterval(timer);
      code.close();
    }));

  test("a query that takes long is cancelled, rather than waited for", async () => {
    const files = filesAround("client.query('SELECT pg_sleep(600)');");

    await expectHeld(await up(files), /a query of it was under way/);
  });

  test("an ordinary failure beside other queries is what is told", async () => {
    const files = filesAround(`await Promise.all([client.query("SELECT nonsense"), ${insert(1)}, ${insert(2)}]);`);

    await expectHeld(await upHere(files), /column "nonsense" does not exist/);
  });

  test("an ordinary failure beside loops that go on is what is told", async () => {
    const loops = `await Promise.all([0, 1, 2].map(async (n) => { await client.query("SELECT 1 / $1::integer", [n]); await ${insert(1)}; }));`;

    await expectHeld(await upHere(filesAround(loops)), /division by zero/);
  });

  test("what it awaits may be anything: timers, files, processes, connections of its own", async () => {
    const body = `
      await new Promise((resolve) => setTimeout(resolve, 30));
      await (await import("node:fs/promises")).readFile("/etc/hostname");
      await new Promise((resolve) => (require("node:child_process") as any).exec("true", resolve));
      await new Promise((resolve, reject) => client.query("INSERT INTO b VALUES (7)", (error: any) => error ? reject(error) : resolve(0)));
      const { Client } = require(${JSON.stringify(require.resolve("pg"))});
      const other = new Client(${JSON.stringify(database.url)});
      await other.connect();
      await other.query("SELECT 1");
      await other.end();
      log("done");`;

    expect(await upHere(filesAround(body))).toMatchObject({ code: 0, failed: undefined });
    expect(await database.query("SELECT id FROM b")).toEqual([{ id: 7 }]);
  });

  test("a migration that waits for what is no query ends on SIGTERM", async () => {
    const dir = writeMigrations(filesAround("log('waits'); await new Promise((r) => setTimeout(r, 600_000));"));
    const { child, ended } = startMigrator(["up", "--json", "--dir", dir, "--database-url", database.url]);
    let output = "";
    child.stdout?.on("data", (chunk) => {
      output += chunk;
    });
    await waitUntil(async () => output.includes('"waits"'), "the migration");
    child.kill("SIGTERM");

    expect((await ended).code).toBe(143);
    expect(await tables()).toEqual(["a"]);
  });
});

describe("an error that nobody caught fails the migration, in words", () => {
  test.each([
    [
      "a query",
      `client.query("SELECT nonsense"); await client.query("SELECT 1").catch(() => {});`,
      /column "nonsense"/,
    ],
    ["a promise", "Promise.reject(new Error('lost')); await client.query('SELECT 1');", /did not await .*: lost/],
    [
      "a timer",
      "setTimeout(() => { throw new Error('thrown'); }, 1); await client.query('SELECT pg_sleep(0.2)');",
      /threw an error where nothing catches it: thrown/,
    ],
    ["no error at all", "Promise.reject(undefined); await client.query('SELECT 1');", /did not await .*: undefined/],
  ])("%s", async (_, body, why) => {
    const run = await up(filesAround(body));

    await expectHeld(run, why);
    expect(run.failed?.hint).toMatch(/^Mend the migration/);
  });
});

test("what code prints becomes lines of its own in the log", async () => {
  const body = `console.log("one\\ntwo"); console.error("three"); process.stdout.write("four"); console.table([{ a: 1 }]);`;

  const run = await up(filesAround(body));

  expect(run.code).toBe(0);
  expect(run.lines.every((line) => line.startsWith("{"))).toBe(true);
  const messages = run.events.filter(({ event }) => event === "log").map(({ message }) => message);
  expect(messages.slice(0, 3)).toEqual(["one", "two", "three"]);
  expect(messages.join("\n")).toMatch(/four[\s\S]*\(index\)/);
  expect(run.events.find(({ event }) => event === "log")).toMatchObject({ migration: "2_b" });
});

test.each([["lint"], ["plan"], ["verify"]])("%s prints for another program, whatever code prints", async (command) => {
  const down = `export async function down({ client }: any) { await client.query("DROP TABLE b"); }`;
  const dir = writeMigrations(filesAround(`console.log("from up");`, `console.log("from the top");\n${down}`));

  const { stdout } = await runBin([command, "--json", "--dir", dir, "--database-url", database.url]);

  const lines = stdout.trim().split("\n");
  expect(lines.filter((line) => !line.startsWith("{"))).toEqual([]);
  expect(stdout).not.toContain("from ");
});

test.each([["plan"], ["verify"]])("%s fails with code that ends the process, and names it", async (command) => {
  const dir = writeMigrations(filesAround("process.exit(0);"));

  const { code, stderr } = await runBin([command, "--json", "--dir", dir, "--database-url", database.url]);

  expect(code).not.toBe(0);
  expect(stderr).toMatch(/2_b.*it called process\.exit\(0\)/);
});
