import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Client } from "pg";
import { createTestDatabase, queryAt, serverUrl, type TestDatabase, withClient } from "../../support/database";
import { type KillPoint, startKillProxy, type Unit } from "../../support/kill-proxy";
import { bin, cleanEnvironment, makeDirectory, runMigrator, start, waitUntil } from "../../support/migrator";

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
CREATE TABLE balance AS SELECT 0 AS amount;
CREATE TABLE journal (what text);
CREATE TABLE maintenance AS SELECT 'off' AS mode, 0 AS runs;
`;

/** Leaves out nothing, not even what is the same to the server. */
const isFull = process.env.SCHEMAGATE_KILL_MATRIX === "all";

/** Enough to keep two processors busy while servers and processes wait for each other. */
const parallel = 4;

jest.setTimeout(300_000);

/** Makes, watches and drops databases; logging in takes longer than any of it. */
let admin: Client;
let asked: Promise<unknown> = Promise.resolve();
let template: TestDatabase;
/** The set as an image carries it: it loads faster than its sources, and a case is two runs. */
let dir: string;
/** Of an undisturbed run. */
let units: readonly Unit[];
let undisturbed: readonly string[];

beforeAll(async () => {
  admin = new Client({ connectionString: serverUrl() });
  await admin.connect();
  template = await createTestDatabase();
  await template.query(before);
  dir = await seal();
  const clone = await cloneTemplate();
  const proxy = await startKillProxy(clone.url);
  try {
    expect(await startUp(proxy.url).ended).toMatchObject({ code: 0, stderr: "" });
    units = proxy.units;
    undisturbed = await describeState(clone.url);
  } finally {
    await proxy.close();
    await clone.drop();
  }
});

afterAll(async () => {
  await admin.end();
  await template.drop();
});

async function seal(): Promise<string> {
  const [sources, sealed] = [makeDirectory(), makeDirectory()];
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(sources, path)), { recursive: true });
    writeFileSync(join(sources, path), text);
  }
  expect(await runMigrator(["seal", "--dir", sources, "--out", sealed])).toMatchObject({ code: 0 });
  return sealed;
}

/** Asks one thing after the other, whoever asks. */
function ask(sql: string, values?: unknown[]) {
  const answer = asked.then(() => admin.query(sql, values));
  asked = answer.catch(() => undefined);
  return answer;
}

interface Clone {
  readonly name: string;
  readonly url: string;
  readonly drop: () => Promise<unknown>;
}

async function cloneTemplate(): Promise<Clone> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  await ask(`CREATE DATABASE ${name} TEMPLATE ${template.name}`);
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  return { name, url: url.href, drop: () => ask(`DROP DATABASE ${name} WITH (FORCE)`) };
}

/** Starts the real bin. */
function startUp(url: string) {
  const args = [bin, "up", "--json", "--dir", dir, "--database-url", url];
  return start(process.execPath, args, cleanEnvironment());
}

/** Everything that a run may change, one fact a line; without what differs from run to run by nature. */
function describeState(url: string): Promise<string[]> {
  return withClient(url, async (client) => {
    const facts = await readFacts(client, stateQueries);
    const tables = await client.query(
      "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname IN ('elsewhere', 'public') ORDER BY 1",
    );
    const rows = tables.rows.map(({ name }) => `SELECT 'row of ${name}: ' || t::text FROM ${name} t ORDER BY 1`);
    return [...facts, ...(await readFacts(client, rows))];
  });
}

async function readFacts(client: Client, queries: readonly string[]): Promise<string[]> {
  const facts: string[] = [];
  for (const text of queries) {
    facts.push(...(await client.query<[string]>({ text, rowMode: "array" })).rows.map(([fact]) => fact));
  }
  return facts;
}

const stateQueries = [
  `SELECT 'relation: ' || c.relkind::text || ' ' || c.oid::regclass || ' ' ||
          (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
             FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
     FROM pg_class c WHERE c.relnamespace IN ('elsewhere'::regnamespace, 'public'::regnamespace) ORDER BY c.relname`,
  `SELECT 'index: ' || pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN ' valid' ELSE ' INVALID' END
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace IN ('elsewhere'::regnamespace, 'public'::regnamespace) ORDER BY c.relname`,
  `SELECT 'view: ' || viewname || ' ' || definition FROM pg_views WHERE schemaname = 'public' ORDER BY 1`,
  "SELECT 'ledger: format ' || format FROM schemagate.format",
  `SELECT 'ledger: ' || row_number() OVER (ORDER BY sequence) || ' ' || name || ' ' || checksum || ' ' ||
          coalesce(progress::text, 'done') FROM schemagate.migrations ORDER BY sequence`,
  // Hooks before a run belong to each run that has something to do, the one that was killed and the next.
  `SELECT 'run: ' || action || ' ' || name || ' ' || outcome ||
          CASE name WHEN 'hooks/beforeAll' THEN '' ELSE ' ' || count(*) || ' times' END
     FROM schemagate.runs GROUP BY action, name, outcome ORDER BY 1`,
  `SELECT 'lock: held by ' || pid FROM pg_locks
    WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
];

/** What is there and should not be, and the other way round. */
function difference(expected: readonly string[], found: readonly string[]): string[] {
  return [
    ...subtract(expected, found).map((line) => `missing: ${line}`),
    ...subtract(found, expected).map((line) => `too much: ${line}`),
  ];
}

/** Each line counts as often as it is there. */
function subtract(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const index = left.indexOf(line);
    if (index !== -1) {
      left.splice(index, 1);
    }
    return index === -1;
  });
}

/** Kills a run at one point, runs again to the end. @returns what is wrong then. */
async function runCase(unit: Unit, moment: KillPoint["moment"]): Promise<string[]> {
  const clone = await cloneTemplate();
  let kill = () => {};
  const proxy = await startKillProxy(clone.url, { point: { unit: unit.number, moment }, client: () => kill() });
  try {
    const { child, ended } = startUp(proxy.url);
    kill = () => child.kill("SIGKILL");
    const { stderr } = await ended;
    if (moment !== "during") {
      await waitUntil(() => isLeft(clone), "the end of the killed session");
    }
    const next = await startUp(clone.url).ended;
    return [
      ...(child.signalCode === "SIGKILL" ? [] : [`the run was not killed, it ended with ${child.exitCode}: ${stderr}`]),
      ...(proxy.killedAt && shapeOf(proxy.killedAt) === shapeOf(unit)
        ? []
        : [`killed at ${proxy.killedAt?.sql ?? "nothing"} instead`]),
      ...(next.code === 0 ? [] : [`the next run ended with ${next.code}: ${next.stderr}`]),
      ...difference(undisturbed, await describeState(clone.url)),
    ];
  } finally {
    await proxy.close();
    await clone.drop();
  }
}

/** What is asked, without what differs from run to run: numbers, and the channel of the lock. */
function shapeOf({ sql }: Unit): string {
  return sql.replace(/-?\b\d+\b|schemagate_[0-9a-f]+/g, "…");
}

async function isLeft({ name }: Clone): Promise<boolean> {
  return (await ask("SELECT FROM pg_stat_activity WHERE datname = $1", [name])).rows.length === 0;
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

/** Runs a case for each unit. @returns how many there were and all that is wrong. */
async function runMatrix(chosen: readonly Unit[], moment: KillPoint["moment"]) {
  const wrong: string[] = [];
  let kills = 0;
  await inParallel(chosen, async (unit) => {
    const problems = await runCase(unit, moment);
    kills += 1;
    if (problems.length > 0) {
      wrong.push(
        [`${moment} unit ${unit.number} of ${units.length}: ${unit.sql.slice(0, 80)}`, ...problems].join("\n"),
      );
    }
  });
  return { kills, wrong };
}

/** What ends up in the database although nobody waits for it: all else is rolled back with its transaction. */
const lasting =
  /^(CREATE SCHEMA|CREATE INDEX|DROP INDEX|VACUUM|INSERT INTO "schemagate"\.migrations .*progress\))|\bCOMMIT$/;

describe("INV-4, INV-5: a run that is killed ends, run again, in the state of an undisturbed run:", () => {
  test("killed before the server sees a message, whichever it is", async () => {
    expect(await runMatrix(units, "before")).toEqual({ kills: units.length, wrong: [] });
  });

  test("killed after the server has answered what lasts or comes last, and before the client knows", async () => {
    const chosen = isFull ? units : units.filter((unit) => lasting.test(unit.sql) || unit === units.at(-1));

    // One connection asks one thing after the other: to the server, `after` the rest is `before` what follows it, above.
    expect(new Set(units.map(({ connection }) => connection)).size).toBe(1);
    expect(await runMatrix(chosen, "after")).toEqual({ kills: chosen.length, wrong: [] });
  });

  test("killed while the server works on what lasts, and run again at once", async () => {
    const chosen = units.filter(({ sql }) => lasting.test(sql));

    expect(chosen.length).toBeGreaterThan(20);
    expect(await runMatrix(chosen, "during")).toEqual({ kills: chosen.length, wrong: [] });
  });
});

test("the matrix covers lock, begin, statements of every kind, ledger, commit and unlock", () => {
  const kinds = {
    lock: /pg_try_advisory_lock/,
    proof: /FROM pg_locks/,
    "making the ledger": /CREATE SCHEMA IF NOT EXISTS/,
    begin: /; BEGIN; SET LOCAL/,
    "section of one transaction": /CREATE TABLE orders/,
    "index built concurrently": /^CREATE INDEX CONCURRENTLY/,
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

  const missing = Object.entries(kinds).filter(([, pattern]) => !units.some(({ sql }) => pattern.test(sql)));

  expect(missing.map(([kind]) => kind)).toEqual([]);
  expect(units.length).toBeGreaterThan(Object.keys(kinds).length);
});

test.each([
  ["a row changed twice", "UPDATE accounts SET amount = amount + 10 WHERE id = 4"],
  ["a statement that ran twice", "INSERT INTO elsewhere.audit VALUES ('added once')"],
  ["an invalid index", "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'accounts_amount'::regclass"],
  ["progress left behind", `UPDATE schemagate.migrations SET progress = '{"done":1}' WHERE name LIKE '%_batches'`],
  [
    "a migration recorded twice",
    "INSERT INTO schemagate.runs (action, name, checksum, outcome, duration_ms, replica, tool_version) SELECT action, name, checksum, outcome, 0, '', '' FROM schemagate.runs WHERE name LIKE '%_code'",
  ],
])("the comparison notices %s", async (_, damage) => {
  const clone = await cloneTemplate();
  try {
    await startUp(clone.url).ended;
    expect(difference(undisturbed, await describeState(clone.url))).toEqual([]);
    await queryAt(clone.url, damage);
    expect(difference(undisturbed, await describeState(clone.url))).not.toEqual([]);
  } finally {
    await clone.drop();
  }
});
