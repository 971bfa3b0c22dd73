import { type Client, Client as PgClient } from "pg";
import { withClient } from "../support/database";
import { waitUntil } from "../support/migrator";
import { type Bank, expectNextRun, startFaulty, useFaults, withBank } from "./support/faults";

useFaults();

/** How long the SELECT in front holds its lock. */
const selectSeconds = 5;

test("a long SELECT in front of an ALTER holds up no traffic for longer than the lock timeout, and the migration succeeds behind it", () =>
  withBank({ pause_seconds: 2 }, async (bank) => {
    const lockTimeoutSeconds = 0.2;
    const gated = await underTraffic(bank.url, async (measure) => {
      const replica = await startFaulty(bank.url, {
        SCHEMAGATE_LOCK_TIMEOUT: String(lockTimeoutSeconds),
        SCHEMAGATE_RETRIES: "20",
      });
      // The migration before the ALTER: this one comes up behind the SELECT in a moment.
      await bank.paused();
      await measure(startSelect(bank.url), replica.migrated);
      expect(await replica.migrated).toBe(0);
      const retries = (await replica.migratorLines()).filter(({ event }) => event === "retry");
      expect(retries.map(({ reason }) => reason)).toContain("lock timeout");
    });

    await bank.expectDone();
    expect(await bank.query("SELECT count(*)::integer AS visits FROM visit")).toEqual([{ visits: gated.visits }]);

    const naive = await underTraffic(bank.url, (measure) => measure(startSelect(bank.url), alterBehindSelect(bank)));

    const rows = [
      ["schemagate", gated],
      ["plain ALTER", naive],
    ] as const;
    const figures = rows.map(([name, { latencies }]) => `${name}: ${describeLatencies(latencies)}`).join("; ");
    const [max, naiveMax] = rows.map(([, { latencies }]) => Math.max(...latencies));
    process.stdout.write(
      `traffic beside an ALTER behind a ${selectSeconds} s SELECT, lock timeout ${lockTimeoutSeconds} s: ${figures}; ` +
        `longest wait 1 : ${((naiveMax ?? 0) / (max ?? 1)).toFixed(1)}\n`,
    );
    expect([gated.failed, naive.failed]).toEqual([[], []]);
    await expectNextRun(bank.url);
  }));

/** Holds the lock of a reader for some seconds. */
function startSelect(url: string): Promise<unknown> {
  return withClient(url, (client) => client.query(`SELECT count(*), pg_sleep(${selectSeconds}) FROM account`));
}

/** What is done by hand too often: an ALTER that waits for as long as it takes, and everybody else behind it. */
async function alterBehindSelect({ url, query }: Bank): Promise<void> {
  const isSelected = async () =>
    (await query("SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'")).length >
    0;
  await waitUntil(isSelected, "the SELECT");
  await withClient(url, (client) => client.query("ALTER TABLE account ADD COLUMN plain text"));
}

interface Traffic {
  readonly latencies: readonly number[];
  readonly failed: readonly string[];
  /** Rows that were inserted. */
  readonly visits: number;
}

const clients = 4;
/** Each client's next query is due this long after the last one was, whether that has been answered or not. */
const everyMs = 20;

/** Queries at a steady rate as long as `body` runs, and measures while what it hands over is under way. Latency counts from when a query was due: who queues, waits too. */
async function underTraffic(
  url: string,
  body: (measure: (...work: Promise<unknown>[]) => Promise<void>) => Promise<void>,
): Promise<Traffic> {
  const served: { due: number; latencyMs: number }[] = [];
  const failed: string[] = [];
  let visits = 0;
  let end = Number.POSITIVE_INFINITY;
  let measured = { from: 0, to: 0 };
  const work = async (client: Client) => {
    for (let due = performance.now(); due < end; due += everyMs) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      try {
        await client.query("SELECT amount FROM account WHERE id = $1", [1 + Math.floor(Math.random() * 1_000)]);
        await client.query("INSERT INTO visit (account_id) SELECT id FROM account WHERE id = 1");
        visits += 1;
      } catch (error) {
        failed.push(String(error));
      }
      served.push({ due, latencyMs: performance.now() - due });
    }
  };
  const workers = Array.from({ length: clients }, async () => {
    const client = new PgClient({ connectionString: url });
    client.on("error", (error) => failed.push(String(error)));
    await client.connect();
    await work(client);
    await client.end();
  });
  try {
    await body(async (...work) => {
      const from = performance.now();
      await Promise.all(work);
      measured = { from, to: performance.now() };
    });
  } finally {
    end = performance.now();
    await Promise.all(workers);
  }
  const latencies = served.filter(({ due }) => due >= measured.from && due < measured.to).map((each) => each.latencyMs);
  return { latencies, failed, visits };
}

function describeLatencies(latencies: readonly number[]): string {
  const sorted = [...latencies].sort((a, b) => a - b);
  const at = (share: number) => `${(sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1)} ms`;
  return `${sorted.length} requests, median ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}`;
}
