import { lockKey } from "../../migrator/lock/lock";
import { startTestServer, type TestServer, withClient } from "../support/database";
import { imageWithClock, setClock, withServerClock } from "./support/clock";
import {
  buildFaultsImage,
  expectNextRun,
  failureOf,
  openBank,
  sawEvent,
  startFaulty,
  withBank,
} from "./support/faults";
import { type Replica, removeReplicas } from "./support/pods";

let image: string;
let server: TestServer;
let setServerClock: (offset: string) => void;

beforeAll(async () => {
  image = imageWithClock(buildFaultsImage());
  ({ server, set: setServerClock } = await withServerClock(() => startTestServer()));
});

afterAll(async () => {
  await removeReplicas();
  await server.remove();
});

const hourMs = 3_600_000;

test.concurrent("a migrator's clock that jumps ahead in the wait for the lock, and back in mid-migration, changes no more than its lines' times", () =>
  withBank({ pause_seconds: 3 }, async (bank, database) => {
    const replica = await withClient(bank.url, async (holder) => {
      await holder.query(`SELECT pg_advisory_lock(${lockKey(database.name, "schemagate")})`);
      const waiting = await startFaulty(bank.url, { SCHEMAGATE_LOCK_WAIT: "60" }, { image });
      await sawEvent(waiting, "lock-waiting");
      await setClock(waiting, "+1h");
      // Twice what a poll takes: long enough to give up, for one that looks at this clock.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect((await waiting.state("migrate")).status).toBe("running");
      return waiting;
    });
    await bank.paused();
    await setClock(replica, "-2h");

    expect(await replica.migrated).toBe(0);
    await bank.expectDone();
    const offsets = (await offsetsOf(replica)).map((offset) => Math.round(offset / hourMs));
    expect(new Set(offsets)).toEqual(new Set([0, 1, -2]));
    expect(await bank.query("SELECT name FROM schemagate.runs WHERE duration_ms NOT BETWEEN 0 AND 600000")).toEqual([]);
  }));

test.concurrent("a migrator's clock that jumps back does not make it wait longer for the lock: exit 5", () =>
  withBank({}, async (bank, database) => {
    await withClient(bank.url, async (holder) => {
      await holder.query(`SELECT pg_advisory_lock(${lockKey(database.name, "schemagate")})`);
      const replica = await startFaulty(bank.url, { SCHEMAGATE_LOCK_WAIT: "8" }, { image });
      await sawEvent(replica, "lock-waiting");

      await setClock(replica, "-1h");

      expect(await replica.migrated).toBe(5);
      expect(Math.round(((await offsetsOf(replica)).at(-1) ?? 0) / hourMs)).toBe(-1);
      expect(await failureOf(replica)).toMatchObject({ code: "lock-wait" });
    });
    await expectNextRun(bank.url);
    await bank.expectDone();
  }));

test.concurrent("a server's clock that jumps ahead in mid-migration, and back before the next run, changes no more than its rows' times", async () => {
  const bank = await openBank(server.url, { pause_seconds: 3 });
  const replica = await startFaulty(bank.url);
  await bank.paused();

  setServerClock("+1h");

  expect(await replica.migrated).toBe(0);
  await bank.expectDone();
  const [jump] = await bank.query(
    "SELECT round(extract(epoch FROM max(finished_at) - min(finished_at)) / 3600)::integer AS hours FROM schemagate.runs",
  );
  expect(jump).toEqual({ hours: 1 });

  setServerClock("-1h");
  await expectNextRun(bank.url);
  await bank.expectDone();
});

/** By how much the migrator's clock was wrong when it printed each line, in milliseconds; give or take the test's length. */
async function offsetsOf(replica: Replica): Promise<number[]> {
  return (await replica.migratorLines()).map(({ time }) => Date.parse(String(time)) - Date.now());
}
