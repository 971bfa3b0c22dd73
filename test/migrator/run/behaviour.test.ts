import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { useTestDatabase, withClient } from "../../support/database";
import { jsonLines, runMigrator, startMigrator, waitUntil, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

function up(dir: string, ...more: string[]) {
  return runMigrator(["up", "--no-json", "--dir", dir, "--database-url", database.url, ...more]);
}

/** Writes files into folders of a set of migrations. */
function addFiles(dir: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(dir, path, ".."), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

describe("when traffic is in the way", () => {
  const alter = { "1_alter.sql": "-- migrate:up\nALTER TABLE busy ADD COLUMN note text;\n" };

  beforeEach(() => database.query("CREATE TABLE busy (id integer PRIMARY KEY)"));

  test("a lock timeout rolls the migration back and tries it again", async () => {
    await withClient(database.url, async (blocker) => {
      await blocker.query("BEGIN; LOCK TABLE busy IN ACCESS SHARE MODE");
      const run = startMigrator([
        ...[
          "up",
          "--no-json",
          "--dir",
          writeMigrations(alter),
          "--database-url",
          database.url,
          "--lock-timeout",
          "0.2",
        ],
      ]);
      let stderr = "";
      run.child.stderr?.on("data", (chunk) => {
        stderr += chunk;
      });
      await waitUntil(async () => stderr.includes("lock timeout, rolled back; attempt 1 of 5 follows"), "the retry");
      await blocker.query("COMMIT");

      expect(await run.ended).toMatchObject({ code: 0, stdout: expect.stringContaining("1 migration applied") });
    });
  });

  test("the retries end, with exit 6, the database as it was, and the session in the way by name", async () => {
    await withClient(database.url, async (blocker) => {
      await blocker.query("SET application_name = 'forgotten shell'; BEGIN; LOCK TABLE busy IN ACCESS SHARE MODE");

      const result = await up(writeMigrations(alter), "--lock-timeout", "0.1", "--retries", "1");

      expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining("SQLSTATE 55P03") });
      expect(result.stderr).toContain("End the sessions that the warnings name");
      expect(result.stderr).toMatch(
        /1_alter waits for locks, and forgotten shell \(pid \d+, role postgres, idle in transaction, in a transaction for \d+ s\) holds some/,
      );
    });
  });

  test("the session in the way is named by its lock alone where the migrator may not see more of it", async () => {
    const role = `limited_${database.name}`;
    await database.query(
      `CREATE ROLE ${role} LOGIN PASSWORD 'limited'; ALTER TABLE busy OWNER TO ${role};
       GRANT CREATE ON DATABASE ${database.name} TO ${role}; GRANT CREATE ON SCHEMA public TO ${role}`,
    );
    const limited = Object.assign(new URL(database.url), { username: role, password: "limited" });
    try {
      await withClient(database.url, async (blocker) => {
        await blocker.query("SET application_name = 'the app'; BEGIN; LOCK TABLE busy IN ACCESS SHARE MODE");

        const { code, stderr } = await runMigrator([
          ...["up", "--no-json", "--dir", writeMigrations(alter), "--database-url", limited.href],
          ...["--lock-timeout", "0.1", "--retries", "0"],
        ]);

        expect(code).toBe(6);
        expect(stderr).toMatch(/1_alter waits for locks, and the app \(pid \d+, role postgres\) holds some/);
      });
    } finally {
      await database.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  test("a migration's own lock_timeout is the one that counts", async () => {
    const own = { "1_alter.sql": "-- migrate:up lock_timeout:100ms\nALTER TABLE busy ADD COLUMN note text;\n" };
    await withClient(database.url, async (blocker) => {
      await blocker.query("BEGIN; LOCK TABLE busy IN ACCESS SHARE MODE");

      expect((await up(writeMigrations(own), "--lock-timeout", "0", "--retries", "0")).code).toBe(6);
    });
  });

  test("a deadlock is tried again", async () => {
    const dir = writeMigrations({
      "1_deadlock.sql":
        "-- migrate:up lock_timeout:0\nLOCK TABLE busy;\nSELECT pg_sleep(1);\nCREATE TABLE IF NOT EXISTS marker (id integer);\nLOCK TABLE other;\n",
    });
    await database.query("CREATE TABLE other (id integer)");
    await withClient(database.url, async (rival) => {
      await rival.query("BEGIN; LOCK TABLE other");
      const run = startMigrator(["up", "--no-json", "--dir", dir, "--database-url", database.url]);
      await waitUntil(async () => (await sleepers()) > 0, "the first lock");
      // The rival waits longer before it looks for a deadlock, so the migration is the one that is ended.
      await rival.query("SET LOCAL deadlock_timeout = '30s'");
      await rival.query("LOCK TABLE busy");
      await rival.query("COMMIT");

      expect(await run.ended).toMatchObject({ code: 0, stderr: expect.stringContaining("deadlock, rolled back") });
    });
  });

  test("statement_timeout ends a statement that takes too long", async () => {
    const dir = writeMigrations({ "1_slow.sql": "-- migrate:up statement_timeout:200ms\nSELECT pg_sleep(30);\n" });

    expect(await up(dir)).toMatchObject({ code: 6, stderr: expect.stringContaining("statement timeout") });
  });
});

async function sleepers(): Promise<number> {
  const rows = await database.query("SELECT FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'PgSleep'", [
    database.name,
  ]);
  return rows.length;
}

describe("CREATE INDEX CONCURRENTLY", () => {
  const name = "1_index.sql";
  const migration = "-- migrate:up transaction:false\nCREATE UNIQUE INDEX CONCURRENTLY by_id ON doubles (id);\n";

  beforeEach(() => database.query("CREATE TABLE doubles AS SELECT 1 AS id UNION ALL SELECT 1"));

  test("that failed leaves an invalid index, which the next run names, drops and builds again", async () => {
    const dir = writeMigrations({ [name]: migration });
    expect(await up(dir)).toMatchObject({ code: 8, stderr: expect.stringContaining("could not create unique index") });
    expect(await indexes()).toEqual([{ indisvalid: false }]);

    await database.query("DELETE FROM doubles WHERE ctid = (SELECT min(ctid) FROM doubles)");
    const result = await up(dir);

    expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining("left the invalid index by_id") });
    expect(await indexes()).toEqual([{ indisvalid: true }]);
  });

  test("with IF NOT EXISTS does not take an invalid index for a good one", async () => {
    await database.query("CREATE UNIQUE INDEX CONCURRENTLY by_id ON doubles (id)").catch(() => undefined);
    await database.query("DELETE FROM doubles WHERE ctid = (SELECT min(ctid) FROM doubles)");

    const dir = writeMigrations({ [name]: migration.replace("by_id", "IF NOT EXISTS by_id") });

    expect((await up(dir)).code).toBe(0);
    expect(await indexes()).toEqual([{ indisvalid: true }]);
  });

  test("is not spoilt by the lock timeout while it waits for an older transaction", async () => {
    await database.query("DELETE FROM doubles");
    await withClient(database.url, async (old) => {
      await old.query("BEGIN; INSERT INTO doubles VALUES (5)");
      const run = startMigrator([
        ...[
          "up",
          "--no-json",
          "--dir",
          writeMigrations({ [name]: migration }),
          "--database-url",
          database.url,
          "--lock-timeout",
          "0.2",
        ],
      ]);
      await waitUntil(
        async () =>
          (await database.query("SELECT FROM pg_stat_progress_create_index WHERE lockers_total > 0")).length > 0,
        "the wait",
      );
      await new Promise((resolve) => setTimeout(resolve, 500));
      await old.query("COMMIT");

      expect((await run.ended).code).toBe(0);
    });
  });

  function indexes() {
    return database.query("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('by_id')");
  }
});

test("a statement that needs no transaction says how to declare it", async () => {
  expect(await up(writeMigrations({ "1_vacuum.sql": "-- migrate:up\nSELECT 1;\nVACUUM;\n" }))).toMatchObject({
    code: 6,
    stderr: expect.stringContaining("`-- migrate:up transaction:false`"),
  });
});

test("code that ends its own transaction is noticed, and not recorded as applied", async () => {
  const dir = writeMigrations({
    "1_commit.ts": `export async function up({ client }: any) {
      await client.query("CREATE TABLE half (id integer)");
      await client.query("COMMIT");
    }`,
  });

  expect(await up(dir)).toMatchObject({ code: 8, stderr: expect.stringContaining("[transaction-ended, exit 8]") });
  expect(await database.query("SELECT name FROM schemagate.migrations")).toEqual([]);
});

test("VACUUM, a procedure that commits and explicit transactions run in a transaction:false migration", async () => {
  const dir = writeMigrations({
    "1_mixed.sql": `-- migrate:up transaction:false
CREATE TABLE t (id integer);
CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t VALUES (1); COMMIT; INSERT INTO t VALUES (2); END $$;
CALL fill();
VACUUM t;
`,
    "2_own.sql": "-- migrate:up transaction:false\nBEGIN;\nINSERT INTO t VALUES (3);\nCOMMIT;\n",
  });

  expect(await up(dir)).toMatchObject({ code: 0, stderr: "" });
  expect(await database.query("SELECT id FROM t ORDER BY id")).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
});

describe("a data migration in batches", () => {
  const name = "1_backfill.ts";
  const code = (size: number, extra = "") => `
    export const batches = {
      next: async (client: any, last: number | undefined) =>
        (await client.query("SELECT id FROM accounts WHERE id > $1 ORDER BY id LIMIT ${size}", [last ?? 0])).rows.map((row: any) => row.id),
      apply: (client: any, keys: readonly number[]) =>
        client.query("UPDATE accounts SET amount = amount + 10 WHERE id = ANY($1)", [keys]),
      total: async (client: any) => (await client.query("SELECT count(*)::integer AS n FROM accounts")).rows[0].n,
      ${extra}
    };`;

  beforeEach(() =>
    database.query("CREATE TABLE accounts AS SELECT id, 0 AS amount FROM generate_series(1, 2500) AS id"),
  );

  const amounts = () => database.query("SELECT amount, count(*)::integer AS rows FROM accounts GROUP BY 1");

  test("changes every row once, and tells its progress", async () => {
    const result = await runMigrator([
      "up",
      "--json",
      "--dir",
      writeMigrations({ [name]: code(1000) }),
      "--database-url",
      database.url,
    ]);

    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(await amounts()).toEqual([{ amount: 10, rows: 2500 }]);
    const progress = jsonLines(result.stdout).filter(({ event }) => event === "progress");
    expect(progress.at(-1)).toMatchObject({ done: 2500, total: 2500, rowsPerSecond: expect.any(Number) });
  });

  test("goes on behind the last batch after a kill", async () => {
    const dir = writeMigrations({ [name]: code(100, "pauseMs: 100,") });
    const { child, ended } = startMigrator(["up", "--json", "--dir", dir, "--database-url", database.url]);
    await waitUntil(
      async () => (await amounts()).some(({ amount, rows }) => amount === 10 && Number(rows) >= 300),
      "three batches",
    );
    child.kill("SIGKILL");
    await ended;

    writeFileSync(join(dir, name), code(1000));
    expect(await up(dir)).toMatchObject({ code: 0, stdout: expect.stringMatching(/goes on at row \d+/) });
    expect(await amounts()).toEqual([{ amount: 10, rows: 2500 }]);
  });

  test("that fails midway keeps its finished batches, exits 8, and can be mended", async () => {
    const dir = writeMigrations({
      [name]: code(1000).replace(
        "UPDATE accounts SET amount = amount + 10",
        "UPDATE accounts SET amount = amount + 10 / (CASE WHEN id = 1500 THEN 0 ELSE 1 END)",
      ),
    });

    expect(await up(dir)).toMatchObject({
      code: 8,
      stderr: expect.stringContaining("stopped behind 1000 rows: division by zero"),
    });

    expect((await up(writeMigrations({ [name]: code(1000) }))).code).toBe(0);
    expect(await amounts()).toEqual([{ amount: 10, rows: 2500 }]);
  });
});

describe("repeatable objects", () => {
  const first = { "repeatable/totals.sql": "CREATE OR REPLACE VIEW totals AS SELECT 1 AS total;\n" };
  const second = { "repeatable/totals.sql": "CREATE OR REPLACE VIEW totals AS SELECT 2 AS total;\n" };
  const one = { "1_one.sql": "-- migrate:up\nCREATE TABLE one (id integer);\n" };
  const total = async () => (await database.query("SELECT total FROM totals"))[0]?.total;

  test("are applied behind the migrations, and again when their text has changed", async () => {
    const dir = addFiles(writeMigrations(one), first);

    expect((await up(dir)).stdout).toContain("2 migrations applied");
    expect((await up(dir)).stdout).toContain("nothing pending");
    addFiles(dir, second);
    expect((await up(dir)).stdout).toContain("repeatable/totals");
    expect(await total()).toBe(2);
  });

  test("of an older image do not replace those of the newer one", async () => {
    const newer = addFiles(writeMigrations({ ...one, "2_two.sql": "-- migrate:up\nSELECT 1;\n" }), second);
    await up(newer);

    const older = addFiles(writeMigrations(one), first);

    expect((await up(older)).code).toBe(0);
    expect(await total()).toBe(2);
  });

  test("are part of a sealed set", async () => {
    const sealed = writeMigrations({});
    await runMigrator(["seal", "--dir", addFiles(writeMigrations(one), first), "--out", sealed]);

    expect((await up(sealed)).code).toBe(0);
    expect(await total()).toBe(1);
  });
});

describe("hooks", () => {
  const log = (what: string) => `INSERT INTO hook_log (what) VALUES ('${what}');\n`;
  const hooks = { "hooks/beforeAll.sql": log("before"), "hooks/afterAll.sql": log("after") };
  const migration = { "1_one.sql": `-- migrate:up\n${log("one")}` };
  const logged = async () => (await database.query("SELECT what FROM hook_log ORDER BY id")).map(({ what }) => what);

  beforeEach(() => database.query("CREATE TABLE hook_log (id serial, what text)"));

  test("run before and after the migrations of a run, and not when there is nothing to do", async () => {
    const dir = addFiles(writeMigrations(migration), hooks);

    await up(dir);
    await up(dir);

    expect(await logged()).toEqual(["before", "one", "after"]);
  });

  test("afterAll is owed until it has run, even when a later run has no migration left", async () => {
    const dir = addFiles(writeMigrations(migration), { ...hooks, "hooks/afterAll.sql": "SELECT 1/0;\n" });
    expect((await up(dir)).code).toBe(6);
    expect((await runMigrator(["status", "--check", "--dir", dir, "--database-url", database.url])).code).toBe(3);

    addFiles(dir, hooks);
    expect((await up(dir)).code).toBe(0);
    expect(await logged()).toEqual(["before", "one", "after"]);
    expect((await up(dir)).stdout).toContain("nothing pending");
  });
});

test("pairs of files are read beside dbmate's, errors point into the right one", async () => {
  const dir = writeMigrations({
    "000001_users.up.sql": "CREATE TABLE users (id integer);\n",
    "000001_users.down.sql": "DROP TABLE userss;\n",
    "000002_index.up.sql": "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY users_id ON users (id);\n",
    "000002_index.down.sql": "DROP INDEX users_id;\n",
    "000003_more.sql": "-- migrate:up\nCREATE TABLE more (id integer);\n-- migrate:down\nDROP TABLE more;\n",
  });
  expect((await up(dir)).stdout).toContain("3 migrations applied");

  const down = await runMigrator(["down", "--all", "--no-json", "--dir", dir, "--database-url", database.url]);

  expect(down).toMatchObject({
    code: 6,
    stderr: expect.stringContaining(`at ${join(dir, "000001_users.down.sql")}:1:1`),
  });
  expect(await database.query("SELECT name FROM schemagate.migrations")).toEqual([{ name: "000001_users" }]);
});
