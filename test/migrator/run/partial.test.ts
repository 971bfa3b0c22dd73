import { useTestDatabase } from "../../support/database";
import {
  behindTarget,
  jsonLines,
  runMigrator,
  startMigrator,
  waitUntil,
  writeMigrations,
} from "../../support/migrator";

const database = useTestDatabase();

const run = (command: string, dir: string, ...args: string[]) =>
  behindTarget(runMigrator([command, "--no-json", "--dir", dir, "--database-url", database.url, ...args]));

const json = async (command: string, dir: string, ...args: string[]) =>
  jsonLines((await runMigrator([command, "--json", "--dir", dir, "--database-url", database.url, ...args])).stdout).at(
    -1,
  );

const history = async (...args: string[]) =>
  (await behindTarget(runMigrator(["history", "--no-json", "--database-url", database.url, ...args]))).stdout;

const first = { "1_a.sql": "-- migrate:up\nCREATE TABLE a (id integer);\n" };
/** Three statements, each committed by itself. */
const free = (second: string) =>
  `-- migrate:up transaction:false\nCREATE TABLE b (id integer);\n${second};\nCREATE TABLE c (id integer);\n` +
  `-- migrate:down transaction:false\nDROP TABLE c;\n${second};\nDROP TABLE b;\n`;

const rowsInBatches = (pause: string) => `
  export const batches = {
    total: async () => 300,
    next: async (client, after) =>
      (await client.query("SELECT id FROM a WHERE id > $1 ORDER BY id LIMIT 100", [after ?? 0])).rows.map(({ id }) => id),
    apply: async (client, ids) => {
      ${pause}
      await client.query("UPDATE a SET done = true WHERE id = ANY($1)", [ids]);
    },
  };
`;
const table = {
  "1_a.sql": "-- migrate:up\nCREATE TABLE a AS SELECT id, false AS done FROM generate_series(1, 300) AS id;\n",
};
/** Stands still in the second batch. */
const sleepInSecond = 'if (ids[0] > 100) await client.query("SELECT pg_sleep(60)");';

async function isSleeping(): Promise<boolean> {
  const rows = await database.query(
    "SELECT FROM pg_stat_activity WHERE datname = $1 AND query LIKE '%pg_sleep(60)%' AND state = 'active' AND pid <> pg_backend_pid()",
    [database.name],
  );
  return rows.length > 0;
}

/** Starts `up`, sends a signal when it sleeps, and waits for its end. */
async function end(dir: string, signal: NodeJS.Signals) {
  const { child, ended } = startMigrator(["up", "--no-json", "--dir", dir, "--database-url", database.url]);
  await waitUntil(isSleeping, "the statement that sleeps");
  child.kill(signal);
  return ended;
}

describe("a run that was killed between two statements without a transaction", () => {
  const dir = writeMigrations({ ...first, "2_b.sql": free("SELECT pg_sleep(60)") });

  test("is named by status, current and history with the statement at which it is", async () => {
    await end(dir, "SIGKILL");
    const place = "its up is at statement 2 of 3";

    const status = await run("status", dir, "--check");
    expect(status).toMatchObject({ code: 3, stdout: expect.stringMatching(/2_b +partial /) });
    expect(status.stdout).toContain(`2_b is partial: ${place}. Unless a run is at it now, \`up\` goes on there.\n`);
    expect(status.stdout).toMatch(/\n1 migration partial\n$/);
    expect((await run("current", dir)).stdout).toBe(`2_b (partial: ${place})\n`);
    expect((await run("up", dir, "--dry-run")).stdout).toContain("would go on with 2_b at statement 2 of 3\n");
    expect(await history()).toMatch(/ applied +1_a\npartial: the up of 2_b is at statement 2 of 3\n$/);
    expect(await history("--verbose")).toMatch(/\n\npartial: the up of 2_b is at statement 2 of 3\n$/);
    expect(await history("1_a..1_a")).not.toContain("partial");
  });

  test("and for machines", async () => {
    await end(dir, "SIGKILL");
    const partial = { direction: "up", done: 1, total: 3 };

    expect(await json("status", dir)).toMatchObject({
      ...{ open: false, pending: 0, partial: 1 },
      migrations: [{ name: "1_a" }, { name: "2_b", state: "partial", partial }],
      warnings: [{ code: "partial" }],
    });
    expect(await json("current", dir)).toMatchObject({
      current: "2_b",
      relation: "partial",
      partial: [{ name: "2_b", ...partial }],
    });
    expect(await json("history", dir)).toMatchObject({
      runs: [{ name: "1_a" }],
      partial: [{ name: "2_b", ...partial }],
    });
  });
});

test("batches are partial behind their rows", async () => {
  const dir = writeMigrations({ ...table, "2_fill.ts": rowsInBatches(sleepInSecond) });

  await end(dir, "SIGKILL");

  expect((await run("status", dir)).stdout).toContain("2_fill is partial: its up is behind 100 of 300 rows.");
  expect((await run("current", dir)).stdout).toBe("2_fill (partial: its up is behind 100 of 300 rows)\n");
  expect(await history()).toContain("partial: the up of 2_fill is behind 100 of 300 rows\n");
});

test("a partial migration that is not the newest, and what is pending beside it", async () => {
  const broken = writeMigrations({ ...first, "2_b.sql": free("SELECT 1/0") });
  await run("up", broken);
  const more = writeMigrations({ ...first, "2_b.sql": free("SELECT 1/0"), "3_c.sql": "-- migrate:up\nSELECT 1;\n" });

  expect((await run("status", more)).stdout).toMatch(/\n1 migration pending, 1 migration partial\n$/);
  await database.query("INSERT INTO schemagate.migrations (name, checksum) VALUES ('3_c', 'x')");
  expect((await run("current", more)).stdout).toBe("3_c (2_b is partial: its up is at statement 2 of 3)\n");
});

test("a down that stopped is partial in its own direction", async () => {
  const dir = writeMigrations({ ...first, "2_b.sql": free("SELECT 1") });
  await run("up", dir);
  await database.query(
    `UPDATE schemagate.migrations SET progress = '{"direction": "down", "done": 1, "total": 3, "finished": ["x"]}' WHERE name = '2_b'`,
  );

  const status = await run("status", dir, "--check");
  expect(status.code).toBe(3);
  expect(status.stdout).toContain("2_b is partial: its down is at statement 2 of 3. Unless a run is at it now, `down`");
  expect(status.stdout).not.toContain("nothing pending");
  expect(await history()).toContain("partial: the down of 2_b is at statement 2 of 3");
});

test("an image that does not hold the partial migration says who goes on", async () => {
  await run("up", writeMigrations({ ...first, "2_b.sql": free("SELECT 1/0") }));
  const older = writeMigrations(first);

  expect((await run("status", older)).stdout).toContain("`up` of the image that holds it goes on there.");
  expect((await run("current", older)).stdout).toBe("2_b (partial: its up is at statement 2 of 3)\n");
});

test("a hook that is still owed is not nothing", async () => {
  const hook = { "hooks/afterAll.sql": "SELECT 1/0;\n" };
  const dir = writeMigrations({ ...first, ...hook });
  await run("up", dir);

  const status = await run("status", dir, "--check");
  expect(status.code).toBe(3);
  expect(status.stdout).toContain("hooks/afterAll is owed: an earlier run did not come to it.");
  expect(status.stdout).not.toContain("nothing pending");
});

describe("an interrupt says what stays", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("of statements without a transaction: %s", async (signal) => {
    const dir = writeMigrations({ ...first, "2_b.sql": free("SELECT pg_sleep(60)") });

    const { code, stderr } = await end(dir, signal);

    expect(code).toBe(signal === "SIGTERM" ? 143 : 130);
    expect(stderr).toContain(
      `error: ended by ${signal} during migration 2_b, which has no transaction, at statement 2 of 3\n`,
    );
    expect(stderr).toContain("What ran before it stays. Run again: it goes on there.");
    expect(stderr).toContain("done before it: 1_a");
    expect(stderr).not.toContain("rolled back");
    expect(await database.query("SELECT outcome FROM schemagate.runs WHERE name = '2_b'")).toEqual([
      { outcome: "failed" },
    ]);
  });

  test("of batches", async () => {
    const { stderr } = await end(writeMigrations({ ...table, "2_fill.ts": rowsInBatches(sleepInSecond) }), "SIGTERM");

    expect(stderr).toContain("ended by SIGTERM during migration 2_fill behind 100 rows\n");
    expect(stderr).toContain("The batches before it stay. Run again: it goes on behind them.");
    expect(await database.query("SELECT count(*)::integer AS done FROM a WHERE done")).toEqual([{ done: 100 }]);
  });

  test("of code without a transaction", async () => {
    const code = `
      export const transaction = false;
      export async function up({ client }) {
        await client.query("CREATE TABLE b (id integer)");
        await client.query("SELECT pg_sleep(60)");
      }
    `;
    const { stderr } = await end(writeMigrations({ ...first, "2_b.ts": code }), "SIGTERM");

    expect(stderr).toContain("ended by SIGTERM during migration 2_b, which has no transaction\n");
    expect(stderr).toContain("What its code has done so far stays.");
  });

  test("of what is all or nothing: nothing", async () => {
    const sql = "-- migrate:up\nCREATE TABLE b (id integer);\nSELECT pg_sleep(60);\n";
    const { stderr } = await end(writeMigrations({ ...first, "2_b.sql": sql, "3_c.sql": sql }), "SIGTERM");

    expect(stderr).toContain("ended by SIGTERM during migration 2_b, which was rolled back\n");
    expect(stderr).toContain("not run: 3_c");
    expect(await database.query("SELECT to_regclass('b') AS found")).toEqual([{ found: null }]);
  });
});
