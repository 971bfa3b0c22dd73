import { Output } from "../../../migrator/cli/output";
import type { RunEvent } from "../../../migrator/events/events";
import { migrateUp } from "../../../migrator/run/runner";
import { loadSource } from "../../../migrator/source/load";
import { useTestDatabase, withClient } from "../../support/database";
import { waitUntil, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

/** An advisory lock that the migrations here wait for. */
const gate = 4711;

/** Applies migrations that wait at the gate, until they have told often enough that they go on, at a statement where one is named. */
async function runUntilTold(
  files: Readonly<Record<string, string>>,
  times: number,
  ofStatement?: number,
): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  const source = await loadSource(writeMigrations(files));
  await withClient(database.url, (holder) =>
    withClient(database.url, async (client) => {
      await holder.query(`SELECT pg_advisory_lock(${gate})`);
      const run = migrateUp(client, source, {
        ledgerSchema: "schemagate",
        policy: { ahead: "pass", outOfOrder: "refuse" },
        lockWaitMs: 0,
        limits: { lockTimeoutMs: 0, statementTimeoutMs: 0, retries: 0 },
        actor: { replica: "test", toolVersion: "0" },
        report: (event) => void events.push(event),
        signal: new AbortController().signal,
        cancelBackend: async () => undefined,
        tellEveryMs: 20,
      });
      const told = () => ofRunning(events).filter((event) => "statement" in event && event.statement === ofStatement);
      const counted = () => (ofStatement === undefined ? ofRunning(events) : told());
      await waitUntil(async () => counted().length >= times, "signs of life");
      await holder.query(`SELECT pg_advisory_unlock(${gate})`);
      await run;
    }),
  );
  return events;
}

const ofRunning = (events: readonly RunEvent[]) => events.filter(({ event }) => event === "running");

const wait = `SELECT pg_advisory_lock_shared(${gate}), pg_advisory_unlock_shared(${gate})`;

test("a statement that takes long says again and again that it goes on, and nothing once it is done", async () => {
  const events = await runUntilTold(
    { "1_a.sql": `-- migrate:up\n${wait};\n`, "2_b.sql": "-- migrate:up\nSELECT 1;\n" },
    3,
  );

  expect(ofRunning(events)[0]).toEqual({ event: "running", migration: "1_a", elapsedMs: expect.any(Number) });
  const names = events.map((event) => ("migration" in event ? `${event.event} ${event.migration}` : event.event));
  expect(names.indexOf("migrated 1_a")).toBeGreaterThan(names.lastIndexOf("running 1_a"));
});

test("where statements run one by one it says which", async () => {
  const events = await runUntilTold(
    { "1_a.sql": `-- migrate:up transaction:false\nSELECT 1;\n${wait};\nSELECT 2;\n` },
    2,
    2,
  );

  expect(ofRunning(events)).toContainEqual(expect.objectContaining({ migration: "1_a", statement: 2, of: 3 }));
});

test("so do a batch and code that takes long", async () => {
  const query = `await client.query("${wait}");`;
  const batch = `export const batches = {
    next: async (_, last) => (last === undefined ? [1] : []),
    apply: async (client) => { ${query} },
  };`;
  const code = `export async function up({ client }) { ${query} }`;

  expect(ofRunning(await runUntilTold({ "1_a.ts": batch }, 2))[0]).toMatchObject({ migration: "1_a" });
  expect(ofRunning(await runUntilTold({ "1_a.ts": batch, "2_b.ts": code }, 2))[0]).toMatchObject({ migration: "2_b" });
});

test("on a terminal it is a line that the next one replaces; elsewhere one of its own", () => {
  const event: RunEvent = { event: "running", migration: "1_a", elapsedMs: 20_000, statement: 2, of: 3 };
  const print = (json: boolean, isTerminal: boolean) => {
    const printed: string[] = [];
    const to = (where: string) => (line: string) => void printed.push(`${where}: ${line}`);
    new Output({ out: to("out"), err: to("err"), transient: isTerminal ? to("over") : undefined }, json, false).event(
      event,
    );
    return printed;
  };

  expect(print(false, true)).toEqual(["over:   1_a: running for 20.0 s, statement 2 of 3"]);
  expect(print(false, false)).toEqual(["out:   1_a: running for 20.0 s, statement 2 of 3"]);
  expect(JSON.parse(print(true, false)[0]?.slice("out: ".length) ?? "")).toMatchObject({ ...event, level: "info" });
});
