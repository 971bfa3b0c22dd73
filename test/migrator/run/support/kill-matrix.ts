import { createTestDatabase, type TestDatabase } from "../../../support/database";
import { type KillPoint, startKillProxy, type Unit } from "../../../support/kill-proxy";
import { makeDirectory, runMigrator, startMigrator, waitUntil, writeMigrations } from "../../../support/migrator";
import { describeState, difference } from "./database-state";

/** A run of every kind of step. What is not repeatable by nature adds to a number or a table, so that twice would show. */
const files = {
  "20260101000001_transaction.sql": `-- migrate:up
CREATE TABLE orders (id integer PRIMARY KEY, note text);
INSERT INTO orders VALUES (1, 'first'), (2, 'second');
INSERT INTO journal VALUES ('transaction');
-- migrate:down
DROP TABLE orders;
`,
  "20260101000002_statements.sql": `-- migrate:up transaction:false
SET search_path = elsewhere, public;
CREATE TABLE audit (what text);
INSERT INTO audit VALUES ('added once');
CREATE INDEX CONCURRENTLY accounts_amount ON accounts (amount);
UPDATE balance SET amount = amount + 10;
DROP INDEX CONCURRENTLY accounts_old;
CREATE INDEX CONCURRENTLY ON accounts (id, (amount + 1));
REINDEX INDEX CONCURRENTLY accounts_amount;
ALTER TABLE public.events DETACH PARTITION public.events_old CONCURRENTLY;
VACUUM audit;
INSERT INTO journal VALUES ('statements');
`,
  "20260101000003_code.ts": `
export async function up({ client }: { client: any }): Promise<void> {
  await client.query("CREATE TABLE prices (id integer, cents integer)");
  await client.query("INSERT INTO prices VALUES ($1, $2)", [1, 250]);
  await client.query("INSERT INTO journal VALUES ('code')");
}
`,
  "20260101000004_batches.ts": `
export const batches = {
  total: async (client: any) => (await client.query("SELECT count(*)::integer AS rows FROM accounts")).rows[0].rows,
  next: async (client: any, last: number | undefined) =>
    (await client.query("SELECT id FROM accounts WHERE id > $1 ORDER BY id LIMIT 3", [last ?? 0])).rows.map(({ id }) => id),
  apply: (client: any, keys: readonly number[]) =>
    client.query("UPDATE accounts SET amount = amount + 10 WHERE id = ANY($1)", [keys]),
};
`,
  "20260101000006_online.ts": `
export const transaction = false;
export async function up({ client }: { client: any }): Promise<void> {
  await client.query("CREATE INDEX CONCURRENTLY IF NOT EXISTS balance_amount ON balance (amount)");
  await client.query("REINDEX TABLE CONCURRENTLY balance");
}
`,
  "20260101000005_transaction.sql": `-- migrate:up
ALTER TABLE orders ADD COLUMN total integer NOT NULL DEFAULT 0;
UPDATE orders SET total = total + 5;
INSERT INTO journal VALUES ('last');
`,
  "repeatable/totals.sql": `CREATE OR REPLACE VIEW totals AS SELECT sum(total) AS total FROM orders;
INSERT INTO journal VALUES ('repeatable');
`,
  "hooks/beforeAll.sql": "UPDATE maintenance SET mode = 'on';\n",
  "hooks/afterAll.sql": "UPDATE maintenance SET mode = 'off', runs = runs + 1;\n",
};

/** What the migrations find. */
const before = `
CREATE SCHEMA elsewhere;
CREATE TABLE accounts AS SELECT id, id * 100 AS amount FROM generate_series(1, 5) AS id;
CREATE INDEX accounts_old ON accounts (id);
CREATE TABLE events (id integer) PARTITION BY RANGE (id);
CREATE TABLE events_old PARTITION OF events FOR VALUES FROM (1) TO (10);
CREATE TABLE events_new PARTITION OF events FOR VALUES FROM (10) TO (20);
CREATE TABLE balance AS SELECT 0 AS amount;
CREATE TABLE journal (what text);
CREATE TABLE maintenance AS SELECT 'off' AS mode, 0 AS runs;
`;

/** Enough to keep two processors busy while servers and processes wait for each other. */
const parallel = 4;

/** By what it is called: what of a run is to be killed at, by the first unit of it. */
export const kinds = {
  lock: /pg_try_advisory_lock/,
  proof: /FROM pg_locks/,
  "making the ledger": /CREATE SCHEMA IF NOT EXISTS/,
  begin: /; BEGIN; SET LOCAL/,
  "section of one transaction": /CREATE TABLE orders/,
  "index built concurrently": /^CREATE INDEX CONCURRENTLY/,
  "index without a name": /^CREATE INDEX CONCURRENTLY ON/,
  "index built again concurrently": /^REINDEX/,
  "partition detached concurrently": /^ALTER TABLE .* DETACH/,
  "index of a module": /^CREATE INDEX CONCURRENTLY IF NOT EXISTS/,
  "index dropped concurrently": /^DROP INDEX CONCURRENTLY/,
  "statement outside a transaction": /^VACUUM/,
  "statement of a module": /^CREATE TABLE prices/,
  batch: /^UPDATE accounts/,
  "repeatable object": /^CREATE OR REPLACE VIEW/,
  hook: /^UPDATE maintenance/,
  "progress of a statement": /INSERT INTO "schemagate"\.migrations \(name, checksum, progress\)/,
  "row of the ledger": /INSERT INTO "schemagate"\.migrations \(name, checksum\)/,
  "log of runs": /INSERT INTO "schemagate"\.runs/,
  commit: /; COMMIT$/,
  unlock: /pg_advisory_unlock/,
};

/** What ends up in the database although nobody waits for it: all else is rolled back with its transaction. */
const lasting =
  /^(CREATE SCHEMA|CREATE INDEX|DROP INDEX|REINDEX|ALTER TABLE .* DETACH|VACUUM|INSERT INTO "schemagate"\.migrations .*progress\))|\bCOMMIT$/;

/** Whether a unit does what lasts. */
export const isLasting = ({ sql }: Unit): boolean => lasting.test(sql);

/** Runs that are killed, each at another point, and run again: they must end as one that was left alone. */
export class KillMatrix {
  private constructor(
    private readonly template: TestDatabase,
    /** The set as an image carries it: it loads faster than its sources. */
    private readonly dir: string,
    /** What the run that was left alone asked the server, one thing after the other. */
    readonly units: readonly Unit[],
    private readonly undisturbed: readonly string[],
  ) {}

  /** Runs the set once, undisturbed. */
  static async start(): Promise<KillMatrix> {
    const template = await createTestDatabase();
    await template.query(before);
    const dir = makeDirectory();
    expect(await runMigrator(["seal", "--dir", writeMigrations(files), "--out", dir])).toMatchObject({ code: 0 });
    const database = await template.copy();
    const proxy = await startKillProxy(database.url);
    try {
      expect(await runMigrator(upArguments(dir, proxy.url))).toMatchObject({ code: 0, stderr: "" });
      return new KillMatrix(template, dir, proxy.units, await describeState(database));
    } finally {
      await proxy.close();
      await database.drop();
    }
  }

  drop(): Promise<void> {
    return this.template.drop();
  }

  /** Runs a case for each unit. @returns how many there were and all that is wrong. */
  async run(chosen: readonly Unit[], moment: KillPoint["moment"]): Promise<{ kills: number; wrong: string[] }> {
    const wrong: string[] = [];
    let kills = 0;
    await inParallel(chosen, async (unit) => {
      const problems = await this.runCase(unit, moment);
      kills += 1;
      if (problems.length > 0) {
        const what = `${moment} unit ${unit.number} of ${this.units.length}: ${unit.sql.slice(0, 80)}`;
        wrong.push([what, ...problems].join("\n"));
      }
    });
    return { kills, wrong };
  }

  /** Runs undisturbed, and changes something then. @returns what differs before that and after it. */
  async differences(change: string): Promise<{ before: string[]; after: string[] }> {
    const database = await this.template.copy();
    try {
      await runMigrator(upArguments(this.dir, database.url));
      const found = await describeState(database);
      await database.query(change);
      return {
        before: difference(this.undisturbed, found),
        after: difference(this.undisturbed, await describeState(database)),
      };
    } finally {
      await database.drop();
    }
  }

  /** Kills a run at one point, runs again to the end. @returns what is wrong then. */
  private async runCase(unit: Unit, moment: KillPoint["moment"]): Promise<string[]> {
    const database = await this.template.copy();
    let kill = () => {};
    const proxy = await startKillProxy(database.url, { point: { unit: unit.number, moment }, client: () => kill() });
    try {
      const { child, ended } = startMigrator(upArguments(this.dir, proxy.url));
      kill = () => child.kill("SIGKILL");
      const { stderr } = await ended;
      if (moment !== "during") {
        await waitUntil(() => isLeft(database), "the end of the killed session");
      }
      const next = await runMigrator(upArguments(this.dir, database.url));
      return [
        ...(child.signalCode === "SIGKILL"
          ? []
          : [`the run was not killed, it ended with ${child.exitCode}: ${stderr}`]),
        ...(proxy.killedAt && shapeOf(proxy.killedAt) === shapeOf(unit)
          ? []
          : [`killed at ${proxy.killedAt?.sql ?? "nothing"} instead`]),
        ...(next.code === 0 ? [] : [`the next run ended with ${next.code}: ${next.stderr}`]),
        ...difference(this.undisturbed, await describeState(database)),
      ];
    } finally {
      await proxy.close();
      await database.drop();
    }
  }
}

function upArguments(dir: string, url: string): string[] {
  return ["up", "--json", "--dir", dir, "--database-url", url];
}

/** What is asked, without what differs from run to run: numbers, and the channel of the lock. */
function shapeOf({ sql }: Unit): string {
  return sql.replace(/-?\b\d+\b|schemagate_[0-9a-f]+/g, "…");
}

async function isLeft({ name, query }: TestDatabase): Promise<boolean> {
  const sql = "SELECT FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()";
  return (await query(sql, [name])).length === 0;
}

async function inParallel<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const work = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) {
      await run(item);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
}
