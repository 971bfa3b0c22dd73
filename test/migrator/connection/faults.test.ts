import { lockKey } from "../../../migrator/lock";
import { createTestDatabase, type TestDatabase, withClient } from "../../support/database";
import { runMigrator, startMigrator, waitUntil, writeMigrations } from "../../support/migrator";
import { type Fate, startProxy, type TestProxy } from "../../support/proxy";

const dir = writeMigrations({
  "1_a.sql": "-- migrate:up\nUPDATE balance SET amount = amount + 10;\n",
  "2_b.sql": "-- migrate:up\nUPDATE balance SET amount = amount + 10;\n",
});

let database: TestDatabase;
let proxy: TestProxy | undefined;

beforeEach(async () => {
  database = await createTestDatabase();
  await database.query("CREATE TABLE balance AS SELECT 0 AS amount");
});

afterEach(async () => {
  await proxy?.close();
  await database.drop();
});

const args = (url: string, ...more: string[]) => ["up", "--no-json", "--dir", dir, "--database-url", url, ...more];

/** Lets the first message that matches meet its fate. */
function once(pattern: RegExp, fate: Fate): (message: string) => Fate {
  let done = false;
  return (message) => {
    const hit = !done && pattern.test(message);
    done ||= hit;
    return hit ? fate : "pass";
  };
}

async function upThrough(decide: (message: string) => Fate) {
  proxy = await startProxy(database.url, { decide });
  return runMigrator(args(proxy.through(database.url)));
}

async function balance(): Promise<unknown> {
  const [row] = await database.query("SELECT amount FROM balance");
  return row?.amount;
}

test.each<[string, RegExp, Fate]>([
  ["while the ledger is read", /schemagate.*migrations/, "lost"],
  ["while the ledger's answer comes back", /schemagate.*migrations/, "answer lost"],
  ["before the lock is asked for", /pg_try_advisory_lock/, "lost"],
  ["when the lock was just taken", /pg_try_advisory_lock/, "answer lost"],
  ["while the lock is proven", /FROM pg_locks/, "lost"],
  ["while the ledger is made", /CREATE SCHEMA/, "answer lost"],
])("a connection cut before the first step is opened again, and the run begins anew: %s", async (_, pattern, fate) => {
  const result = await upThrough(once(pattern, fate));

  expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining("2 migrations applied") });
  expect(result.stderr).toMatch(/the connection to database .+ was lost: Connection terminated unexpectedly/);
  expect(proxy?.connections()).toBe(2);
  expect(await balance()).toBe(20);
});

test("a connection that breaks again and again before the first step exits 7", async () => {
  const result = await upThrough((message) => (/pg_try_advisory_lock/.test(message) ? "lost" : "pass"));

  expect(result).toMatchObject({ code: 7, stderr: expect.stringContaining("[connection-lost, exit 7]") });
  expect(await balance()).toBe(0);
});

test.each<[string, RegExp, Fate, number]>([
  ["before a statement arrives", /UPDATE balance/, "lost", 0],
  ["before a statement's answer arrives", /UPDATE balance/, "answer lost", 0],
  ["before COMMIT arrives", /COMMIT\0/, "lost", 0],
  ["before COMMIT's answer arrives: whether it was carried out, only the ledger knows", /COMMIT\0/, "answer lost", 10],
])(
  "a connection cut in mid-migration exits 7, and the next run goes on where the ledger is: %s",
  async (_, pattern, fate, after) => {
    const result = await upThrough(once(pattern, fate));

    expect(result).toMatchObject({ code: 7, stderr: expect.stringContaining("[connection-lost, exit 7]") });
    expect(result.stderr).toContain("the connection was lost during migration 1_a");
    expect(proxy?.connections()).toBe(1);
    expect(await balance()).toBe(after);
    const next = await runMigrator(args(database.url));
    expect(next).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${after === 0 ? "2 migrations" : "1 migration"} applied`),
    });
    expect(await balance()).toBe(20);
  },
);

test("a slow network changes nothing", async () => {
  proxy = await startProxy(database.url, { delayMs: 20 });

  expect(await runMigrator(args(proxy.through(database.url)))).toMatchObject({ code: 0, stderr: "" });
  expect(await balance()).toBe(20);
});

describe("while a run waits for the lock", () => {
  /** Starts a run through the proxy while another session holds the lock. */
  async function whileWaiting(act: (release: () => Promise<unknown>) => Promise<void>, ...more: string[]) {
    const key = lockKey(database.name, "schemagate");
    proxy = await startProxy(database.url);
    return withClient(database.url, async (holder) => {
      await holder.query(`SELECT pg_advisory_lock(${key})`);
      const run = startMigrator(args(proxy?.through(database.url) ?? "", ...more));
      let stderr = "";
      run.child.stderr?.on("data", (chunk) => {
        stderr += chunk;
      });
      await waitUntil(async () => stderr.includes("waiting for the lock"), "the wait");
      await act(() => holder.query(`SELECT pg_advisory_unlock(${key})`));
      return run.ended;
    });
  }

  test("a cut connection is opened again", async () => {
    const result = await whileWaiting(async (release) => {
      proxy?.cut();
      await release();
    });

    expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining("2 migrations applied") });
    expect(await balance()).toBe(20);
  });

  test("a peer that fell silent is given up, and the run begins anew over another connection", async () => {
    const result = await whileWaiting(async (release) => {
      proxy?.freeze(false);
      await release();
    });

    expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining("2 migrations applied") });
    expect(result.stderr).toContain("was lost");
    expect(proxy?.connections()).toBe(2);
  });

  test("a network that stays silent ends the run with exit 7", async () => {
    const result = await whileWaiting(async () => proxy?.freeze(true), "--connect-timeout", "1");

    expect(result).toMatchObject({ code: 7, stderr: expect.stringContaining("after 1 s of trying: timeout expired") });
  });
});
