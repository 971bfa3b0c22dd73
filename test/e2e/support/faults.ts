import { readdirSync } from "node:fs";
import { join, parse } from "node:path";
import { createTestDatabase, queryAt, type TestDatabase } from "../../support/database";
import { root, waitUntil } from "../../support/migrator";
import { imageWith } from "./images";
import { type ReleaseOptions, type Replica, removeReplicas, startReadyReplica, startReplica } from "./pods";
import { engine } from "./runtime";

/** Pays everybody ten, writes the filler, and pauses. */
export const payMigration = "20991231000000_pay_interest";
/** Locks one table after the other, with a pause in between. */
export const notesMigration = "20991231000100_add_notes";

/** How far each goes, the table `fault` says: one image serves every fault and the run after it. */
const migrations = {
  [`${payMigration}.sql`]: `-- migrate:up
UPDATE account SET amount = amount + 10;
INSERT INTO filler SELECT repeat('x', 1900) FROM fault, generate_series(1, fault.filler_rows);
SELECT pg_sleep(fault.pause_seconds) FROM fault;
-- migrate:down
UPDATE account SET amount = amount - 10;
`,
  [`${notesMigration}.sql`]: `-- migrate:up
ALTER TABLE account ADD COLUMN note text;
SELECT pg_sleep(fault.locked_seconds) FROM fault;
ALTER TABLE visit ADD COLUMN note text;
-- migrate:down
ALTER TABLE visit DROP COLUMN note;
ALTER TABLE account DROP COLUMN note;
`,
};

/** Builds the image for all faults, once however many files ask for it. */
export function buildFaultsImage(): string {
  return imageWith("faults", migrations);
}

/** Has the image for a file's tests, and removes what they started. */
export function useFaults(): void {
  beforeAll(() => void buildFaultsImage());
  afterAll(removeReplicas);
}

const faultsImage = "localhost/schemagate-e2e:faults";

/** Names of the project's own migrations; each commits before a fault comes. */
const ownMigrations = readdirSync(join(root, "migrator/migrations"))
  .map((file) => parse(file).name)
  .sort();

const accounts = 1_000;

/** What the migrations do beside their work. */
export interface Fault {
  /** In the middle of the first migration. */
  readonly pause_seconds?: number;
  /** Between the two locks of the second. */
  readonly locked_seconds?: number;
  /** Rows of about 2 kB. */
  readonly filler_rows?: number;
}

/** A database with money in it, which a fault must neither lose nor pay twice. */
export interface Bank {
  readonly url: string;
  readonly query: TestDatabase["query"];
  /** Says what the next run's migrations do. */
  readonly plan: (fault: Fault) => Promise<void>;
  /** Waits until a migration pauses. */
  readonly paused: () => Promise<void>;
  /** Asserts that nothing of the faulty migrations is there, and all of those before them. */
  readonly expectRolledBack: () => Promise<void>;
  /** Asserts that each migration was applied exactly once and every row is there. */
  readonly expectDone: () => Promise<void>;
}

/** Makes the tables that the migrations work on. */
export async function openBank(url: string, fault: Fault): Promise<Bank> {
  const query: TestDatabase["query"] = (sql, values) => queryAt(url, sql, values);
  await query(`
    CREATE TABLE fault (pause_seconds float8 NOT NULL, locked_seconds float8 NOT NULL, filler_rows integer NOT NULL);
    INSERT INTO fault VALUES (0, 0, 0);
    CREATE TABLE account (id integer PRIMARY KEY, amount integer NOT NULL);
    INSERT INTO account SELECT id, 100 FROM generate_series(1, ${accounts}) AS id;
    CREATE TABLE visit (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account_id integer NOT NULL);
    CREATE TABLE filler (payload text NOT NULL);`);
  const plan = async (next: Fault) => {
    for (const [column, value] of Object.entries(next)) {
      await query(`UPDATE fault SET ${column} = ${value}`);
    }
  };
  await plan(fault);
  return {
    url,
    query,
    plan,
    paused: () => waitUntil(async () => (await findPaused(query)).length > 0, "the pause in the migration"),
    expectRolledBack: async () => {
      expect(await ledgerOf(query)).toEqual(ownMigrations);
      expect(await moneyOf(query)).toEqual({ accounts, least: 100, most: 100 });
      expect(await notesOf(query)).toEqual([]);
      expect(await query("SELECT FROM filler LIMIT 1")).toEqual([]);
    },
    expectDone: async () => {
      const all = [...ownMigrations, payMigration, notesMigration];
      expect(await ledgerOf(query)).toEqual(all);
      expect(await query("SELECT name FROM schemagate.runs WHERE outcome = 'applied' ORDER BY id")).toEqual(
        all.map((name) => ({ name })),
      );
      expect(await moneyOf(query)).toEqual({ accounts, least: 110, most: 110 });
      expect(await notesOf(query)).toEqual(["account", "visit"]);
      expect(
        await query("SELECT (SELECT count(*) FROM filler)::integer - (SELECT filler_rows FROM fault) AS missing"),
      ).toEqual([{ missing: 0 }]);
    },
  };
}

/** Runs `body` with a bank of its own on the shared server: tests side by side share no hooks. */
export async function withBank(fault: Fault, body: (bank: Bank, database: TestDatabase) => Promise<void>) {
  const database = await createTestDatabase();
  try {
    await body(await openBank(database.url, fault), database);
  } finally {
    await database.drop();
  }
}

/** Starts a replica of the image for faults. */
export function startFaulty(
  url: string,
  env: Record<string, string> = {},
  options: Partial<ReleaseOptions> = {},
): Promise<Replica> {
  return startReplica({ image: faultsImage, url, env, ...options });
}

/** Plays a fresh replica after a fault, and expects that it gets ready. */
export async function expectNextRun(url: string): Promise<Replica> {
  return startReadyReplica({ image: faultsImage, url });
}

/** Sends a signal to a container's process. */
export async function signal(replica: Replica, name: "TERM" | "KILL"): Promise<void> {
  await engine().run(["kill", "--signal", name, replica.nameOf("migrate")]);
}

/** Waits for an event of the migrator. */
export async function sawEvent(replica: Replica, event: string): Promise<void> {
  const events = async () => (await replica.migratorLines()).map((line) => line.event);
  await waitUntil(async () => (await events()).includes(event), `the event ${event}`);
}

/** The migrator's error line. */
export async function failureOf(replica: Replica): Promise<Record<string, unknown> | undefined> {
  return (await replica.migratorLines()).find(({ event }) => event === "failed");
}

/** Server processes that pause in a migration. */
export async function findPaused(query: TestDatabase["query"]): Promise<{ pid: number; port: number }[]> {
  return (await query(
    `SELECT pid, client_port AS port FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event = 'PgSleep' AND application_name LIKE 'schemagate/%'`,
  )) as { pid: number; port: number }[];
}

async function ledgerOf(query: TestDatabase["query"]): Promise<unknown[]> {
  const rows = await query("SELECT name FROM schemagate.migrations WHERE progress IS NULL ORDER BY sequence");
  return rows.map(({ name }) => name);
}

async function moneyOf(query: TestDatabase["query"]) {
  const [row] = await query(
    "SELECT count(*)::integer AS accounts, min(amount) AS least, max(amount) AS most FROM account",
  );
  return row;
}

async function notesOf(query: TestDatabase["query"]): Promise<unknown[]> {
  const rows = await query("SELECT table_name FROM information_schema.columns WHERE column_name = 'note' ORDER BY 1");
  return rows.map(({ table_name }) => table_name);
}
