import { describeSetting } from "../../../migrator/connection/timeouts";
import { whoCancelled } from "../../../migrator/run/timeout-hint";
import { testBinaries, useTestDatabase } from "../../support/database";
import { jsonLines, runMigrator, startMigrator, waitUntil, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

const args = (files: Readonly<Record<string, string>>) => [
  ...["up", "--json", "--dir", writeMigrations(files), "--database-url", database.url],
];

async function fail(files: Readonly<Record<string, string>>, ...more: string[]) {
  const { stderr } = await runMigrator([...args(files), ...more]);
  return jsonLines(stderr).at(-1);
}

const setForDatabase = (setting: string) => database.query(`ALTER DATABASE ${database.name} SET ${setting}`);

/** Waits, asking nothing, until the server has ended the connection. */
const untilEnded = 'await new Promise((resolve) => client.once("end", resolve));';

describe("a timeout with which the server ends the connection is named:", () => {
  const idle = (first: string) => ({
    "1_a.ts": `export async function up({ client }) { ${first} ${untilEnded} await client.query("SELECT 1"); }\n`,
  });

  test("idle_in_transaction_session_timeout, in words of the server, though it came while nothing was asked", async () => {
    const set = "await client.query(\"SET LOCAL idle_in_transaction_session_timeout = '50ms'\");";

    expect(await fail(idle(set))).toMatchObject({
      ...{ code: "connection-lost", exitCode: 7, sqlState: "25P03" },
      message: expect.stringContaining("terminating connection due to idle-in-transaction timeout"),
      hint: expect.stringMatching(
        /^No new session has idle_in_transaction_session_timeout: the migration set it.* SET LOCAL idle_in_transaction_session_timeout = 0\. Then run it again/,
      ),
    });
  });

  test("also when the code makes an error of its own of it", async () => {
    const set = "await client.query(\"SET LOCAL idle_in_transaction_session_timeout = '50ms'\");";
    const code = `try { ${untilEnded} await client.query("SELECT 1"); } catch { throw new Error("no luck"); }`;
    const files = { "1_a.ts": `export async function up({ client }) { ${set} ${code} }\n` };

    expect(await fail(files)).toMatchObject({ code: "connection-lost", exitCode: 7, sqlState: "25P03" });
  });

  if (testBinaries().major >= 17) {
    test("transaction_timeout, with its value and where it is set", async () => {
      await setForDatabase("transaction_timeout = '300ms'");

      expect(await fail({ "1_a.sql": "-- migrate:up\nSELECT pg_sleep(60);\n" })).toMatchObject({
        ...{ code: "connection-lost", exitCode: 7, sqlState: "25P04" },
        hint: expect.stringContaining(
          `transaction_timeout is 300ms, set for the database "${database.name}": ALTER DATABASE "${database.name}" RESET transaction_timeout. ` +
            "The server's transaction_timeout ended the session",
        ),
      });
    });
  }

  test("idle_session_timeout, between two batches", async () => {
    const batches = `
      export const batches = {
        next: async (_, last) => [(last ?? 0) + 1],
        apply: async (client) => { await client.query("SET idle_session_timeout = '50ms'"); },
        pauseMs: 3_000,
      };
    `;

    expect(await fail({ "1_a.ts": batches })).toMatchObject({
      ...{ code: "connection-lost", exitCode: 7 },
      hint: expect.stringContaining("idle_session_timeout"),
    });
  });
});

describe("of a statement that was cancelled it is told by what:", () => {
  const slow = (options = "", first = "") => ({ "1_a.sql": `-- migrate:up${options}\n${first}SELECT pg_sleep(60);\n` });

  test("the limit that the migration declares", async () => {
    expect(await fail(slow(" statement_timeout:200ms"))).toMatchObject({
      ...{ exitCode: 6, sqlState: "57014" },
      hint: expect.stringContaining("statement_timeout, 200 ms by what the migration declares: give it more there"),
    });
  });

  test("the limit of the run", async () => {
    expect(await fail(slow(), "--statement-timeout", "0.2")).toMatchObject({
      hint: expect.stringContaining("200 ms by --statement-timeout (SCHEMAGATE_STATEMENT_TIMEOUT)"),
    });
  });

  test("what the migration sets itself", async () => {
    expect(await fail(slow("", "SET LOCAL statement_timeout = '200ms';\n"))).toMatchObject({
      hint: "The migration sets statement_timeout itself. Give it more there, or change data in batches.",
    });
  });

  test("what the database sets, where no limit of the run stands over it", async () => {
    await setForDatabase("statement_timeout = '300ms'");
    const code = `
      export const batches = {
        total: async (client) => (await client.query("SELECT 1 FROM pg_sleep(60)")).rows.length,
        next: async () => [],
        apply: async () => {},
      };
    `;

    expect(await fail({ "1_a.ts": code })).toMatchObject({
      sqlState: "57014",
      hint: expect.stringContaining(`statement_timeout is 300ms, set for the database "${database.name}"`),
    });
  });

  test("somebody", async () => {
    const { ended } = startMigrator(args(slow()));
    const cancel = () =>
      database.query(
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(60)%' AND state = 'active' AND pid <> pg_backend_pid()",
      );
    await waitUntil(async () => (await cancel()).length > 0, "the statement");

    expect(jsonLines((await ended).stderr).at(-1)).toMatchObject({
      ...{ exitCode: 6, sqlState: "57014" },
      hint: expect.stringContaining("Somebody cancelled it, with pg_cancel_backend"),
    });
  });

  test.each([
    ["canceling statement due to statement timeout", 500, 600, "limit"],
    ["canceling statement due to statement timeout", 0, 600, "setting"],
    ["canceling statement due to user request", 500, 600, "somebody"],
    ["storniere Anfrage wegen Zeitüberschreitung der Anfrage", 500, 600, "limit"],
    ["storniere Anfrage wegen Benutzeraufforderung", 500, 100, "unknown"],
    ["storniere Anfrage wegen Zeitüberschreitung der Anfrage", 0, 600, "unknown"],
  ])("%s, with a limit of %i ms, after %i ms: %s", (message, limitMs, tookMs, who) => {
    expect(whoCancelled(message, limitMs, tookMs)).toBe(who);
  });
});

test.each([
  ["user", 'set for the role "migrator": ALTER ROLE "migrator" RESET idle_session_timeout'],
  ["database", 'set for the database "shop": ALTER DATABASE "shop" RESET idle_session_timeout'],
  ["database user", 'ALTER ROLE "migrator" IN DATABASE "shop" RESET idle_session_timeout'],
  ["client", "set by PGOPTIONS or the URL's options: leave it out there"],
  [
    "configuration file",
    'set for the whole server: except the migrator: ALTER ROLE "migrator" SET idle_session_timeout = 0',
  ],
])("a setting whose source is %s", (source, words) => {
  const setting = { value: "5min", source, role: "migrator", database: "shop" };

  expect(describeSetting("idle_session_timeout", setting)).toContain(`idle_session_timeout is 5min, `);
  expect(describeSetting("idle_session_timeout", setting)).toContain(words);
});

test("an error of the system has no SQLSTATE", async () => {
  const code =
    'import { readFileSync } from "node:fs";\nexport const up = async () => void readFileSync("/no/such/file");\n';
  const words = await runMigrator([
    "up",
    "--no-json",
    "--dir",
    writeMigrations({ "1_a.ts": code }),
    "--database-url",
    database.url,
  ]);

  expect(words).toMatchObject({ code: 6, stderr: expect.stringContaining("ENOENT: no such file") });
  expect(words.stderr).not.toContain("SQLSTATE");
  const pipe = 'export const up = async () => { throw Object.assign(new Error("broken"), { code: "EBADF" }); };\n';
  expect(await fail({ "1_a.ts": pipe })).not.toHaveProperty("sqlState");
});
