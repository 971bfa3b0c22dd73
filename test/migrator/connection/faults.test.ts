import { lockKey } from "../../../migrator/lock/lock";
import { createTestDatabase, type TestDatabase, withClient } from "../../support/database";
import { type Ended, runMigrator, startMigrator, waitUntil, writeMigrations } from "../../support/migrator";
import { type Fate, startProxy, type TestProxy } from "../../support/proxy";

const dir = writeMigrations({
  "1_a.sql": "-- migrate:up\nUPDATE balance SET amount = amount + 10;\n",
  "2_b.sql": "-- migrate:up\nUPDATE balance SET amount = amount + 10;\n",
});

let database: TestDatabase;
let proxy: TestProxy | undefined;

async function createBalance(): Promise<TestDatabase> {
  const made = await createTestDatabase();
  await made.query("CREATE TABLE balance AS SELECT 0 AS amount");
  return made;
}

beforeEach(async () => {
  database = await createBalance();
});

afterEach(async () => {
  await proxy?.close();
  await database.drop();
});

const args = (url: string, ...more: string[]) => ["up", "--no-json", "--dir", dir, "--database-url", url, ...more];

interface Waited {
  readonly result: Ended;
  readonly connections: number;
  readonly amount: unknown;
}

/** Starts a run through a proxy while another session holds the lock; on a database of its own, beside other runs. */
async function whileWaiting(
  act: (through: TestProxy, release: () => Promise<unknown>) => Promise<void>,
  ...more: string[]
): Promise<Waited> {
  const own = await createBalance();
  const between = await startProxy(own.url);
  const key = lockKey(own.name, "schemagate");
  try {
    const result = await withClient(own.url, async (holder) => {
      await holder.query(`SELECT pg_advisory_lock(${key})`);
      const run = startMigrator(args(between.through(own.url), ...more));
      let stderr = "";
      run.child.stderr?.on("data", (chunk) => {
        stderr += chunk;
      });
      await waitUntil(async () => stderr.includes("waiting for the lock"), "the wait");
      await act(between, () => holder.query(`SELECT pg_advisory_unlock(${key})`));
      return run.ended;
    });
    const [row] = await own.query("SELECT amount FROM balance");
    return { result, connections: between.connections(), amount: row?.amount };
  } finally {
    await between.close();
    await own.drop();
  }
}

let waiting: Readonly<Record<"cut" | "silent" | "silentForEver", Promise<Waited>>>;

// Two wait a quarter of a minute, which is how long silence is borne: beside the other tests.
beforeAll(() => {
  waiting = {
    cut: whileWaiting(async (through, release) => {
      through.cut();
      await release();
    }),
    silent: whileWaiting(async (through, release) => {
      through.freeze(false);
      await release();
    }),
    silentForEver: whileWaiting(async (through) => through.freeze(true), "--connect-timeout", "1"),
  };
  // What goes wrong is told to who waits for it.
  for (const run of Object.values(waiting)) {
    run.catch(() => undefined);
  }
});

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
  test("a cut connection is opened again", async () => {
    const cut = await waiting.cut;

    expect(cut.result).toMatchObject({ code: 0, stdout: expect.stringContaining("2 migrations applied") });
    expect(cut.amount).toBe(20);
  });

  test("a peer that fell silent is given up, and the run begins anew over another connection", async () => {
    const silent = await waiting.silent;

    expect(silent.result).toMatchObject({ code: 0, stdout: expect.stringContaining("2 migrations applied") });
    expect(silent.result.stderr).toContain("was lost");
    expect(silent.connections).toBe(2);
  });

  test("a network that stays silent ends the run with exit 7", async () => {
    const silentForEver = await waiting.silentForEver;

    expect(silentForEver.result).toMatchObject({
      code: 7,
      stderr: expect.stringContaining("after 1 s of trying: timeout expired"),
    });
  });
});
