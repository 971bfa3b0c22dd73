import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { useTestDatabase, withClient } from "../../support/database";
import { jsonLines, runMigrator, startMigrator, waitUntil, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

const argumentsOf = (dir: string, ...more: string[]) => [
  ...["up", "--json", "--dir", dir, "--database-url", database.url],
  ...more,
];

const up = (dir: string, ...more: string[]) => runMigrator(argumentsOf(dir, ...more));

/** An SQL migration without a transaction. */
const sql = (text: string, options = "") => ({
  "1_online.sql": `-- migrate:up transaction:false${options}\n${text};\n`,
});

/** A module without a transaction that sends these. */
const code = (...texts: string[]) => ({
  "1_online.ts": `export const transaction = false;
    export async function up({ client }: any) {
      for (const text of ${JSON.stringify(texts)}) {
        await client.query(text);
      }
    }`,
});

const eventsOf = (stderr: string, name: string) => jsonLines(stderr).filter(({ event }) => event === name);

/** Invalid indexes by name; those of TOAST tables as one name. */
async function invalidIndexes(): Promise<string[]> {
  const rows = await database.query(
    `SELECT regexp_replace(indexrelid::regclass::text, '[0-9]+_index', 'N_index') AS name
       FROM pg_index WHERE NOT indisvalid ORDER BY 1`,
  );
  return rows.map(({ name }) => String(name));
}

async function indexesOf(table: string): Promise<string[]> {
  const rows = await database.query(
    "SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indrelid = $1::regclass ORDER BY 1",
    [table],
  );
  return rows.map(({ name }) => String(name));
}

/** Whether somebody waits for a session, and has for longer than the lock timeout of these tests. */
async function isWaitedFor(other: Client): Promise<boolean> {
  const { rows } = await other.query(
    `SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
        AND waitstart < clock_timestamp() - interval '100 ms'`,
  );
  return rows.length > 0;
}

/** Runs while a transaction of another session is open that has `theirs`; it ends when `until` says so. */
async function withOther<T>(theirs: string, body: (other: Client) => Promise<T>): Promise<T> {
  return withClient(database.url, async (other) => {
    await other.query(`BEGIN; ${theirs}`);
    return body(other);
  });
}

const tables = `CREATE TABLE a (id integer, v text);
  INSERT INTO a SELECT n, repeat('x', n) FROM generate_series(1, 9) AS n;
  CREATE INDEX a_v ON a (v);
  CREATE TABLE p (id integer) PARTITION BY RANGE (id);
  CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
  CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
  CREATE MATERIALIZED VIEW m AS SELECT DISTINCT id FROM a;
  CREATE UNIQUE INDEX m_id ON m (id);`;

beforeEach(() => database.query(tables));

describe("what waits without blocking anybody waits as long as it takes:", () => {
  const writer = "INSERT INTO a VALUES (10)";
  const reader = "SELECT FROM p";
  const waits: [string, string, string][] = [
    ["CREATE INDEX CONCURRENTLY without a name", "CREATE INDEX CONCURRENTLY ON a (v)", writer],
    ["CREATE UNIQUE INDEX CONCURRENTLY", "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a_id ON a (id)", writer],
    ["REINDEX INDEX", "REINDEX INDEX CONCURRENTLY a_v", writer],
    ["REINDEX (CONCURRENTLY) TABLE", "REINDEX (VERBOSE, CONCURRENTLY) TABLE a", writer],
    ["REINDEX SCHEMA", "REINDEX SCHEMA CONCURRENTLY public", writer],
    ["DROP INDEX", "DROP INDEX CONCURRENTLY a_v", writer],
    ["DETACH PARTITION", "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY", reader],
    ["VACUUM", "VACUUM a", "LOCK TABLE a IN SHARE UPDATE EXCLUSIVE MODE"],
    ["ANALYZE", "ANALYZE a", "LOCK TABLE a IN SHARE UPDATE EXCLUSIVE MODE"],
    [
      "REFRESH MATERIALIZED VIEW",
      "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
      "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
    ],
  ];

  test.each(
    waits.flatMap(([name, text, theirs]) => [
      [`${name} in SQL`, sql(text), theirs] as const,
      [`${name} in a module`, code(text), theirs] as const,
    ]),
  )("%s", async (_, files, theirs) => {
    await withOther(theirs, async (other) => {
      const run = up(writeMigrations(files), "--lock-timeout", "0.05", "--retries", "0");
      await waitUntil(() => isWaitedFor(other), "the wait");
      await other.query("COMMIT");

      expect(await run).toMatchObject({ code: 0 });
      expect(await invalidIndexes()).toEqual([]);
    });
  });

  test.each<[string, Readonly<Record<string, string>>, ...string[]]>([
    ["behind the marker", sql("CREATE INDEX CONCURRENTLY ON a (v)", " lock_timeout:50ms")],
    ["with SET", sql("SET lock_timeout = 50;\nCREATE INDEX CONCURRENTLY ON a (v)")],
    ["with SET in a module", code("SET lock_timeout = 50", "CREATE INDEX CONCURRENTLY ON a (v)")],
    ["for a statement that does block: VACUUM FULL", sql("VACUUM FULL a"), "--lock-timeout", "0.05"],
    ["for a statement that does block: CLUSTER", code("CLUSTER a USING a_v"), "--lock-timeout", "0.05"],
    ["for a statement that does block: REINDEX", sql("REINDEX (CONCURRENTLY false) TABLE a"), "--lock-timeout", "0.05"],
  ])("a timeout counts all the same %s", async (_, files, ...more) => {
    await withOther(writer, async () => {
      const { code: exit, stderr } = await up(writeMigrations(files), "--retries", "0", ...more);

      expect(exit).toBe(8);
      expect(jsonLines(stderr).at(-1)).toMatchObject({ sqlState: "55P03" });
    });
  });
});

describe("INV-20: no run ends well beside an index that became invalid in it:", () => {
  const writer = "INSERT INTO a VALUES (10)";
  const short = " lock_timeout:50ms";
  /** A module whose statements time out by themselves. */
  const impatient = (text: string) => code("SET lock_timeout = 50", text);

  test.each<[string, Readonly<Record<string, string>>, string[], string[]]>([
    ["an index without a name", sql("CREATE INDEX CONCURRENTLY ON a (v)", short), ["a_v_idx"], ["a_v", "a_v_idx"]],
    [
      "an expression",
      sql("CREATE INDEX CONCURRENTLY ON a (lower(v), id)", short),
      ["a_lower_id_idx"],
      ["a_lower_id_idx", "a_v"],
    ],
    [
      "IF NOT EXISTS",
      sql("CREATE INDEX CONCURRENTLY IF NOT EXISTS a_id ON public.a (id)", short),
      ["a_id"],
      ["a_id", "a_v"],
    ],
    [
      "a unique one",
      sql("CREATE UNIQUE INDEX CONCURRENTLY ON a (id) INCLUDE (v)", short),
      ["a_id_v_idx"],
      ["a_id_v_idx", "a_v"],
    ],
    ["REINDEX INDEX", sql("REINDEX INDEX CONCURRENTLY a_v", short), ["a_v_ccnew"], ["a_v"]],
    [
      "REINDEX TABLE",
      sql("REINDEX TABLE CONCURRENTLY a", short),
      ["a_v_ccnew", "pg_toast.pg_toast_N_index_ccnew"],
      ["a_v"],
    ],
    ["DROP INDEX", sql("DROP INDEX CONCURRENTLY a_v", short), ["a_v"], []],
    [
      "a module's index without a name",
      impatient("CREATE INDEX CONCURRENTLY ON a (v)"),
      ["a_v_idx"],
      ["a_v", "a_v_idx"],
    ],
    [
      "a module's IF NOT EXISTS",
      impatient("CREATE INDEX CONCURRENTLY IF NOT EXISTS a_id ON a (id)"),
      ["a_id"],
      ["a_id", "a_v"],
    ],
    [
      "a module's REINDEX",
      impatient("REINDEX (CONCURRENTLY) TABLE a"),
      ["a_v_ccnew", "pg_toast.pg_toast_N_index_ccnew"],
      ["a_v"],
    ],
  ])(
    "what a statement that failed left is named, and put right by the next run: %s",
    async (_, files, left, indexes) => {
      const dir = writeMigrations(files);
      await withOther(writer, async () => {
        const { code: exit, stderr } = await up(dir, "--retries", "0");

        expect(exit).toBe(8);
        const { message, hint } = jsonLines(stderr).at(-1) as Record<string, string>;
        expect(`${message}`.replace(/\d+_index/g, "N_index")).toContain(
          `which left the invalid ${left.length === 1 ? "index" : "indexes"} ${left.join(", ")}: `,
        );
        expect(hint).toContain("drops first what is invalid");
        expect(stderr).not.toContain("rolled back");
        expect(await invalidIndexes()).toEqual(left);
      });

      expect(await up(dir)).toMatchObject({ code: 0 });
      expect(await invalidIndexes()).toEqual([]);
      expect(await indexesOf("a")).toEqual(indexes);
    },
  );

  test("an index that got its name only when the migration was mended takes the place of what was left", async () => {
    const dir = writeMigrations(sql("CREATE INDEX CONCURRENTLY ON a (v)", short));
    await withOther(writer, async () => {
      expect((await up(dir, "--retries", "0")).code).toBe(8);
    });
    writeFileSync(
      join(dir, "1_online.sql"),
      "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY a_by_v ON a (v);\n",
    );

    expect(await up(dir)).toMatchObject({ code: 0 });
    expect(await indexesOf("a")).toEqual(["a_by_v", "a_v"]);
  });

  test("a statement that is tried again makes way for itself", async () => {
    const dir = writeMigrations(sql("CREATE INDEX CONCURRENTLY ON a (v)", short));
    await withOther(writer, async (other) => {
      const run = startMigrator(argumentsOf(dir));
      let stderr = "";
      run.child.stderr?.on("data", (chunk) => {
        stderr += chunk;
      });
      await waitUntil(async () => eventsOf(stderr, "retry").length > 0, "the retry");
      await other.query("COMMIT");

      expect((await run.ended).code).toBe(0);
      expect(eventsOf(stderr, "retry")[0]).toMatchObject({ reason: "lock timeout", rolledBack: false });
    });
    expect(await indexesOf("a")).toEqual(["a_v", "a_v_idx"]);
    expect(await invalidIndexes()).toEqual([]);
  });

  test.each([
    ["an index without a name", sql("CREATE INDEX CONCURRENTLY ON a (v)"), ["a_v", "a_v_idx"]],
    ["REINDEX", sql("REINDEX TABLE CONCURRENTLY a"), ["a_v"]],
    [
      "a module",
      code("CREATE INDEX CONCURRENTLY IF NOT EXISTS a_id ON a (id)", "REINDEX INDEX CONCURRENTLY a_v"),
      ["a_id", "a_v"],
    ],
  ])("what a run whose session was ended left is put right by the next one: %s", async (_, files, indexes) => {
    const dir = writeMigrations(files);
    await withOther(writer, async (other) => {
      const run = startMigrator(argumentsOf(dir));
      await waitUntil(() => isWaitedFor(other), "the wait");
      await other.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))",
      );
      expect((await run.ended).code).toBe(7);
    });
    expect(await invalidIndexes()).not.toEqual([]);

    expect(await up(dir)).toMatchObject({ code: 0 });
    expect(await invalidIndexes()).toEqual([]);
    expect(await indexesOf("a")).toEqual(indexes);
  });

  test("a module that takes no notice of a failure does not end well, and does once it builds the index again", async () => {
    const dir = writeMigrations({
      "1_careless.ts": `export const transaction = false;
        export async function up({ client }: any) {
          await client.query("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS twice ON doubles (id)").catch(() => undefined);
        }`,
    });
    await database.query("CREATE TABLE doubles AS SELECT 1 AS id UNION ALL SELECT 1");

    const { code: exit, stderr } = await up(dir);

    expect(exit).toBe(8);
    expect(jsonLines(stderr).at(-1)).toMatchObject({
      code: "invalid-index",
      message: "migration 1_careless came to its end and left the invalid index twice",
    });
    await database.query("DELETE FROM doubles WHERE ctid = (SELECT min(ctid) FROM doubles)");
    expect(await up(dir)).toMatchObject({ code: 0 });
    expect(await invalidIndexes()).toEqual([]);
  });

  test("an index that was invalid before, and one of the same name elsewhere, stay as they are", async () => {
    await database.query(`CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.a AS SELECT 1 AS id, 'x' AS v;
      CREATE INDEX a_id ON elsewhere.a (id); CREATE INDEX old ON a (id);
      UPDATE pg_index SET indisvalid = false WHERE indexrelid IN ('elsewhere.a_id'::regclass, 'old'::regclass)`);

    expect(
      await up(writeMigrations(sql("CREATE INDEX CONCURRENTLY a_id ON a (id);\nREINDEX INDEX CONCURRENTLY a_v"))),
    ).toMatchObject({ code: 0 });
    expect(await invalidIndexes()).toEqual(["elsewhere.a_id", "old"]);
    expect(await indexesOf("a")).toEqual(["a_id", "a_v", "old"]);
  });

  test.each([
    ["builds", "CREATE INDEX CONCURRENTLY b_id ON b (id)"],
    ["builds again", "REINDEX TABLE CONCURRENTLY b"],
    ["drops", "DROP INDEX CONCURRENTLY b_old"],
  ])("an index that another session %s meanwhile is its own affair", async (_, theirs) => {
    await database.query("CREATE TABLE b (id integer); CREATE INDEX b_old ON b (id)");
    await withOther("INSERT INTO b VALUES (1)", (other) =>
      withClient(database.url, async (builder) => {
        const building = builder.query(theirs);
        await waitUntil(() => isWaitedFor(other), "the other session's wait");
        const files = code("CREATE INDEX ON a (id)", "CREATE INDEX CONCURRENTLY IF NOT EXISTS a_v2 ON a (v)");

        // It waits for older transactions, that of the writer among them.
        const run = startMigrator(argumentsOf(writeMigrations(files)));
        await waitUntil(async () => (await indexesOf("a")).includes("a_v2"), "the migration's index");
        await other.query("COMMIT");
        await building;
        expect(await run.ended).toMatchObject({ code: 0 });
      }),
    );
  });
});

describe("DETACH PARTITION CONCURRENTLY that did not end is ended with FINALIZE:", () => {
  const detach = "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY";
  const partitions = () =>
    database.query("SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'p'::regclass");

  test.each([
    ["in SQL", sql(`${detach};\nDROP TABLE p1`, " lock_timeout:50ms")],
    ["in a module", code("SET lock_timeout = 50", detach, "DROP TABLE p1")],
  ])("after a timeout, %s", async (_, files) => {
    const dir = writeMigrations(files);
    await withOther("SELECT FROM p", async () => {
      const { code: exit, stderr } = await up(dir, "--retries", "0");
      expect(exit).toBe(8);
      expect(stderr).not.toContain("rolled back");
      expect(jsonLines(stderr).at(-1)?.hint).toContain("run again");
    });

    const next = await up(dir);

    expect(next).toMatchObject({ code: 0 });
    expect(eventsOf(next.stderr, "warning")).toEqual([expect.objectContaining({ code: "pending-detach" })]);
    expect(await partitions()).toEqual([{ name: "p2" }]);
    expect(await database.query("SELECT to_regclass('p1') AS p1")).toEqual([{ p1: null }]);
  });

  test("after the session was ended", async () => {
    const dir = writeMigrations(sql('ALTER TABLE public."p" DETACH PARTITION public.p1 CONCURRENTLY'));
    await withOther("SELECT FROM p", async (other) => {
      const run = startMigrator(argumentsOf(dir));
      await waitUntil(() => isWaitedFor(other), "the wait");
      await other.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))",
      );
      expect((await run.ended).code).toBe(7);
    });

    expect(await up(dir)).toMatchObject({ code: 0 });
    expect(await partitions()).toEqual([{ name: "p2" }]);
  });

  test.each([
    ["in SQL", sql("ALTER TABLE p DETACH PARTITION p1 FINALIZE")],
    ["in a module", code("ALTER TABLE p DETACH PARTITION p1 FINALIZE")],
  ])("FINALIZE of a migration's own waits as long as it takes, %s", async (_, files) => {
    await withOther("SELECT FROM p", async () => {
      await database.query("SET lock_timeout = 50");
      await expect(database.query(detach)).rejects.toThrow("lock timeout");
      await database.query("RESET lock_timeout");
    });
    await withOther("SELECT FROM p1", async (other) => {
      const run = up(writeMigrations(files), "--lock-timeout", "0.05", "--retries", "0");
      await waitUntil(() => isWaitedFor(other), "the wait");
      await other.query("COMMIT");

      expect(await run).toMatchObject({ code: 0 });
    });
    expect(await partitions()).toEqual([{ name: "p2" }]);
  });

  test("a partition that never was one stays an error", async () => {
    await database.query("CREATE TABLE p3 (id integer)");
    const dir = writeMigrations(sql(detach.replace("p1", "p3")));

    expect((await up(dir)).code).toBe(8);
    expect((await up(dir)).code).toBe(8);
  });
});

test("a transaction of the migration's own is tried again from its BEGIN, and nothing of it is there twice", async () => {
  await database.query("CREATE TABLE busy ()");
  const own =
    "INSERT INTO a VALUES (100);\nBEGIN;\nINSERT INTO a VALUES (101);\nALTER TABLE busy ADD COLUMN note text;\nCOMMIT";
  await withOther("SELECT FROM busy", async (other) => {
    const run = startMigrator(argumentsOf(writeMigrations(sql(own)), "--lock-timeout", "0.05"));
    let stderr = "";
    run.child.stderr?.on("data", (chunk) => {
      stderr += chunk;
    });
    await waitUntil(async () => eventsOf(stderr, "retry").length > 0, "the retry");
    await other.query("COMMIT");

    expect(await run.ended).toMatchObject({ code: 0 });
  });
  expect(await database.query("SELECT id FROM a WHERE id >= 100 ORDER BY id")).toEqual([{ id: 100 }, { id: 101 }]);
});

test("a run that is stopped says what it left invalid, and not that it was rolled back", async () => {
  const dir = writeMigrations(sql("CREATE INDEX CONCURRENTLY ON a (v)"));
  await withOther("INSERT INTO a VALUES (10)", async (other) => {
    const run = startMigrator(argumentsOf(dir));
    await waitUntil(() => isWaitedFor(other), "the wait");
    run.child.kill("SIGTERM");

    const { code: exit, stderr } = await run.ended;
    expect(exit).toBe(143);
    const message = "which has no transaction, at statement 1 of 1, and left the invalid index a_v_idx";
    expect(jsonLines(stderr).at(-1)?.message).toContain(message);
    expect(stderr).not.toContain("rolled back");
  });

  expect(await up(dir)).toMatchObject({ code: 0 });
  expect(await indexesOf("a")).toEqual(["a_v", "a_v_idx"]);
});

test("a module that does not await an online statement fails, and is not recorded", async () => {
  const files = {
    "1_late.ts": `export const transaction = false;
      export async function up({ client }: any) {
        client.query("CREATE INDEX CONCURRENTLY IF NOT EXISTS late ON a (id)");
        client.query("SELECT 1");
      }`,
  };

  const { code: exit, stderr } = await up(writeMigrations(files));

  expect(exit).toBe(8);
  expect(jsonLines(stderr).at(-1)?.message).toContain("it ended while a query of it was under way");
});

test("queries of a module reach the server in the order in which they are sent", async () => {
  const files = {
    "1_order.ts": `export const transaction = false;
      export async function up({ client }: any) {
        await Promise.all([
          client.query("CREATE TABLE fresh (id integer)"),
          client.query("CREATE INDEX CONCURRENTLY fresh_id ON fresh (id)"),
          client.query("DROP TABLE fresh"),
          client.query({ text: "VACUUM a" }),
        ]);
      }`,
  };

  expect(await up(writeMigrations(files))).toMatchObject({ code: 0 });
  expect(await database.query("SELECT to_regclass('fresh') AS fresh")).toEqual([{ fresh: null }]);
});

describe("a migrator that is no superuser", () => {
  const role = () => `limited_${database.name}`;
  const limitedUrl = () => Object.assign(new URL(database.url), { username: role(), password: "limited" }).href;

  beforeEach(() =>
    database.query(
      `CREATE ROLE ${role()} LOGIN PASSWORD 'limited'; ALTER TABLE a OWNER TO ${role()};
       GRANT CREATE ON DATABASE ${database.name} TO ${role()}; GRANT CREATE ON SCHEMA public TO ${role()}`,
    ),
  );

  afterEach(() => database.query(`DROP OWNED BY ${role()} CASCADE; DROP ROLE ${role()}`));

  const run = (files: Readonly<Record<string, string>>, ...more: string[]) =>
    runMigrator(["up", "--json", "--dir", writeMigrations(files), "--database-url", limitedUrl(), ...more]);

  test("leaves alone what another role builds meanwhile, although it may not see what that is", async () => {
    await database.query("CREATE TABLE b (id integer)");
    await withOther("INSERT INTO b VALUES (1)", (other) =>
      withClient(database.url, async (builder) => {
        const building = builder.query("CREATE INDEX CONCURRENTLY b_id ON b (id)");
        await waitUntil(() => isWaitedFor(other), "the other session's wait");

        expect(await run(sql("CREATE INDEX a_id ON a (id)"))).toMatchObject({ code: 0 });
        await other.query("COMMIT");
        await building;
      }),
    );
  });

  test("says who can drop the invalid index of a TOAST table, which it may not", async () => {
    const files = sql("REINDEX TABLE CONCURRENTLY a", " lock_timeout:50ms");
    await withOther("INSERT INTO a VALUES (10)", () => run(files, "--retries", "0"));

    const { code: exit, stderr } = await run(files);

    expect(exit).toBe(8);
    expect(jsonLines(stderr).at(-1)).toMatchObject({
      code: "invalid-index",
      message: expect.stringMatching(/the invalid index pg_toast\.pg_toast_\d+_index_ccnew is in the way/),
      hint: expect.stringContaining("clear the migration with `repair`"),
    });
    const dir = writeMigrations(files);
    const repair = ["repair", "--yes", "--dir", dir, "--database-url", limitedUrl()];
    expect(await runMigrator(repair)).toMatchObject({ code: 0 });
    expect(await run(files)).toMatchObject({ code: 0 });
  });
});
