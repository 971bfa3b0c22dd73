import { lockKey } from "../../migrator/lock/lock";
import { type TestDatabase, withClient } from "../support/database";
import {
  expectNextRun,
  failureOf,
  notesMigration,
  payMigration,
  startFaulty,
  useFaults,
  withBank,
} from "./support/faults";

useFaults();

test.concurrent("a session that is stuck on the migration lock makes the run exit 5 and is named; without it the next run succeeds", () =>
  withBank({}, async (bank, database) => {
    await withClient(bank.url, async (stuck) => {
      const { rows } = await stuck
        .query(
          `SET application_name = 'stuck session';
         SELECT pg_advisory_lock(${lockKey(database.name, "schemagate")})`,
        )
        .then(() => stuck.query("SELECT pg_backend_pid() AS pid"));

      const replica = await startFaulty(bank.url, { SCHEMAGATE_LOCK_WAIT: "1" });

      expect(await replica.migrated).toBe(5);
      expect(await failureOf(replica)).toMatchObject({
        code: "lock-wait",
        message: expect.stringMatching(/after 1 s of waiting: stuck session \(pid \d+, idle, connected since /),
        applicationName: "stuck session",
        pid: rows[0].pid,
      });
      expect((await replica.state("app")).status).toBe("created");
      expect(await bank.query("SELECT to_regnamespace('schemagate') AS ledger")).toEqual([{ ledger: null }]);
    });

    await expectNextRun(bank.url);
    await bank.expectDone();
  }));

test.concurrent("a deadlock with traffic is rolled back and tried again, and the traffic loses nothing", () =>
  withBank({ locked_seconds: 2 }, async (bank) => {
    const replica = await startFaulty(bank.url);
    const traffic = withClient(bank.url, async (client) => {
      // It looks for a deadlock later than the migration does, so that the migration is the one that is ended.
      await client.query("BEGIN; SET LOCAL deadlock_timeout = '60s'; INSERT INTO visit (account_id) VALUES (1)");
      await bank.paused();
      await client.query("UPDATE account SET amount = amount WHERE id = 1; COMMIT");
    });

    await traffic;

    expect(await replica.migrated).toBe(0);
    const retries = (await replica.migratorLines()).filter(({ event }) => event === "retry");
    expect(retries).toEqual([expect.objectContaining({ migration: notesMigration, reason: "deadlock", attempt: 1 })]);
    await bank.expectDone();
    expect(await bank.query("SELECT account_id FROM visit")).toEqual([{ account_id: 1 }]);
    await expectNothingLeft(bank.url);
  }));

test.concurrent("a session that is idle in its transaction makes the retries end with exit 6; without it the next run succeeds", () =>
  withBank({}, async (bank) => {
    await withClient(bank.url, async (idle) => {
      await idle.query("SET application_name = 'forgotten shell'; BEGIN; SELECT count(*) FROM account");

      const replica = await startFaulty(bank.url, { SCHEMAGATE_LOCK_TIMEOUT: "0.2", SCHEMAGATE_RETRIES: "2" });

      expect(await replica.migrated).toBe(6);
      const lines = await replica.migratorLines();
      expect(lines.filter(({ event, reason }) => event === "retry" && reason === "lock timeout")).toHaveLength(2);
      expect(lines).toContainEqual(
        expect.objectContaining({
          event: "warning",
          code: "blocked",
          message: expect.stringMatching(
            /add_notes waits for locks, and forgotten shell \(pid \d+, role postgres, idle in transaction, in a transaction for \d+ s\) holds some/,
          ),
        }),
      );
      expect(await failureOf(replica)).toMatchObject({
        code: "migration-failed",
        sqlState: "55P03",
        done: expect.arrayContaining([payMigration]),
        migration: notesMigration,
      });
      expect((await replica.state("app")).status).toBe("created");
      // What was committed before stays, and is not done again.
      expect(await appliedLast(bank)).toBe(payMigration);
    });

    await expectNextRun(bank.url);
    await bank.expectDone();
  }));

/** A further replica finds nothing to do. */
async function expectNothingLeft(url: string): Promise<void> {
  const replica = await expectNextRun(url);
  expect(await replica.migratorLines()).toContainEqual(expect.objectContaining({ event: "done", migrations: [] }));
}

async function appliedLast({ query }: Pick<TestDatabase, "query">): Promise<unknown> {
  const [row] = await query("SELECT name FROM schemagate.migrations ORDER BY sequence DESC LIMIT 1");
  return row?.name;
}
