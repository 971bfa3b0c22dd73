import { startTestServer } from "../support/database";
import { freePort } from "../support/pgbouncer";
import {
  expectNextRun,
  failureOf,
  findPaused,
  openBank,
  payMigration,
  signal,
  startFaulty,
  useFaults,
  withBank,
} from "./support/faults";

useFaults();

test.concurrent("an init container that is sent SIGTERM in mid-migration rolls back, says so and exits 143", () =>
  withBank({ pause_seconds: 60 }, async (bank) => {
    const replica = await startFaulty(bank.url);
    await bank.paused();

    await signal(replica, "TERM");

    expect(await replica.migrated).toBe(143);
    expect(await failureOf(replica)).toMatchObject({
      message: expect.stringMatching(/^ended by SIGTERM during migration \d+_pay_interest, which was rolled back$/),
      exitCode: 143,
    });
    expect((await replica.state("app")).status).toBe("created");
    expect(await findPaused(bank.query)).toEqual([]);
    await bank.expectRolledBack();

    await bank.plan({ pause_seconds: 0 });
    await expectNextRun(bank.url);
    await bank.expectDone();
  }));

test.concurrent("an init container that is killed in mid-migration exits 137, and the server rolls it back by itself", () =>
  withBank({ pause_seconds: 60 }, async (bank) => {
    const replica = await startFaulty(bank.url);
    await bank.paused();

    await signal(replica, "KILL");

    expect(await replica.migrated).toBe(137);
    expect((await replica.state("app")).status).toBe("created");
    await bank.expectRolledBack();

    await bank.plan({ pause_seconds: 0 });
    await expectNextRun(bank.url);
    await bank.expectDone();
  }));

for (const mode of ["fast", "immediate"] as const) {
  test.concurrent(`a server that restarts (${mode}) in mid-migration makes the run exit 7, and the next run succeeds`, async () => {
    const server = await startTestServer([`port=${await freePort()}`]);
    try {
      const bank = await openBank(server.url, { pause_seconds: 60 });
      const replica = await startFaulty(bank.url);
      await bank.paused();

      await server.cluster.stop(mode);

      expect(await replica.migrated).toBe(7);
      expect(await failureOf(replica)).toMatchObject({
        code: "connection-lost",
        message: expect.stringContaining(`the connection was lost during migration ${payMigration}`),
      });
      expect((await replica.state("app")).status).toBe("created");

      await server.cluster.start();
      await bank.expectRolledBack();
      await bank.plan({ pause_seconds: 0 });
      await expectNextRun(bank.url);
      await bank.expectDone();
    } finally {
      await server.remove();
    }
  });
}
