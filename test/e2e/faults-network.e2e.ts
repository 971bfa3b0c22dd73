import { lockKey } from "../../migrator/lock/lock";
import { queryAt, type TestDatabase, withClient } from "../support/database";
import { startProxy } from "../support/proxy";
import {
  expectNextRun,
  failureOf,
  findPaused,
  payMigration,
  sawEvent,
  signal,
  startFaulty,
  useFaults,
  withBank,
} from "./support/faults";
import { dropPackets } from "./support/machine";

useFaults();

test.concurrent("a network that is cut in mid-migration makes the run exit 7, and the next run succeeds", () =>
  withBank({ pause_seconds: 60 }, async (bank) => {
    const proxy = await startProxy(bank.url);
    const replica = await startFaulty(proxy.through(bank.url));
    await bank.paused();

    proxy.cut();

    expect(await replica.migrated).toBe(7);
    expect(await failureOf(replica)).toMatchObject({
      code: "connection-lost",
      message: expect.stringContaining(`the connection was lost during migration ${payMigration}`),
    });
    await bank.plan({ pause_seconds: 0 });
    await expectNextRun(bank.url);
    await bank.expectDone();
    await proxy.close();
  }));

test.concurrent("a connection that goes silent in the wait for the lock is given up, and the same run goes on over another", () =>
  withBank({}, async (bank, database) => {
    const proxy = await startProxy(bank.url);
    await withClient(bank.url, async (holder) => {
      await holder.query(`SELECT pg_advisory_lock(${lockKey(database.name, "schemagate")})`);
      const replica = await startFaulty(proxy.through(bank.url));
      await sawEvent(replica, "lock-waiting");

      proxy.freeze(false);
      await holder.query("SELECT pg_advisory_unlock_all()");

      expect(await replica.migrated).toBe(0);
      expect(await replica.migratorLines()).toContainEqual(
        expect.objectContaining({ event: "connect-retry", reason: expect.stringContaining("was lost") }),
      );
      await bank.expectDone();
    });
    await proxy.close();
  }));

test.concurrent("a half-open connection that something between keeps alive holds the lock: the next run exits 5, names it and how to end it", () =>
  withBank({ pause_seconds: 60 }, async (bank, database) => {
    const proxy = await startProxy(bank.url);
    const silent = await startFaulty(proxy.through(bank.url));
    await bank.paused();
    const [session] = await findPaused(bank.query);

    proxy.freeze(false);
    await signal(silent, "TERM");

    // The statement was cancelled over another connection; that it was, the first one never hears.
    expect(await silent.migrated).toBe(143);
    await bank.expectRolledBack();

    const waiting = await startFaulty(bank.url, { SCHEMAGATE_LOCK_WAIT: "1" });
    expect(await waiting.migrated).toBe(5);
    const failure = await failureOf(waiting);
    expect(failure).toMatchObject({ code: "lock-wait", pid: session?.pid });
    const remedy = String(failure?.hint).match(/SELECT pg_terminate_backend\(\d+\)/)?.[0];
    await endSession(database, String(remedy));

    await bank.plan({ pause_seconds: 0 });
    await expectNextRun(bank.url);
    await bank.expectDone();
    await proxy.close();
  }));

async function endSession(database: TestDatabase, remedy: string): Promise<void> {
  expect(await queryAt(database.url, remedy)).toEqual([{ pg_terminate_backend: true }]);
}

test.concurrent("a machine that vanishes with its migrator gives the lock back within a minute, and the next run waits for it", () =>
  withBank({ pause_seconds: 120 }, async (bank) => {
    const vanishing = await startFaulty(bank.url);
    await bank.paused();
    const [session] = await findPaused(bank.query);

    const restore = dropPackets(Number(new URL(bank.url).port), session?.port ?? 0);
    try {
      await signal(vanishing, "KILL");
      expect(await vanishing.migrated).toBe(137);
      expect(await findPaused(bank.query)).toEqual([session]);
      await bank.plan({ pause_seconds: 0 });

      const next = await expectNextRun(bank.url);

      expect(await next.migratorLines()).toContainEqual(
        expect.objectContaining({ event: "lock-waiting", holder: expect.objectContaining({ pid: session?.pid }) }),
      );
      await bank.expectDone();
    } finally {
      restore();
    }
  }));
