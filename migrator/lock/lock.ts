import { createHash } from "node:crypto";
import type { Client, QueryResult } from "pg";
import { answerWithin } from "../connection/connect";
import { guardSession } from "../connection/guard";
import { assertOwnBackend } from "../connection/pooler";
import { millisecondsSql } from "../connection/value-settings";
import { exitCodes, SchemagateError, usageError } from "../errors";
import { describeHolder, type LockHolder } from "./holder";
import { listenForRelease, type ReleaseListener, releaseChannel } from "./release";

export interface LockOptions {
  readonly ledgerSchema: string;
  /** How long to wait for another run. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** Called when waiting begins, and then every ten seconds. */
  readonly onWaiting: (holder: LockHolder | undefined, waitedMs: number) => void;
}

/** The lock while it is held. */
export interface Lock {
  /**
   * Proves that this connection's backend still holds the lock.
   *
   * @throws usage (exit 2) when it does not: a pooler switched backends, or a migration released it.
   */
  readonly assertHeld: () => Promise<void>;
  /** Makes the session as a new one, and proves the lock. */
  readonly renewal: Renewal;
}

/** Statements that may travel with others as one message, and what to make of their results. */
export interface Renewal {
  readonly sql: string;
  /** @throws as assertHeld. */
  readonly check: (results: readonly Pick<QueryResult, "rows">[]) => void;
}

/** How a run that waits for the lock learns that another one has done its work, so that it needs no lock any more. */
export interface Substitute<T> {
  /** A condition in SQL, asked with each try: whether to look. */
  readonly condition: () => string;
  /** Looks. @returns what the run comes to, or nothing where there is still something to do. */
  readonly look: () => Promise<T | undefined>;
}

/** Asks the server something. */
// biome-ignore lint/suspicious/noExplicitAny: rows are what the SQL says, as in pg's own types
export type Ask = (sql: string, values?: string[]) => Promise<Record<string, any>[]>;

/**
 * Between two tries. Idle, outside a transaction: a session waiting inside a query would hold a snapshot. Who gives the
 * lock back says so, and a waiter then tries at once; tries by the clock are for holders that were killed.
 */
const pollMs = 1_250;
/** None of the statements here waits for anything: a server that takes longer for one is not there any more. */
const answerMs = 15_000;
const reportEveryMs = 10_000;

/**
 * Runs `body` while this connection holds the session-level advisory lock of database and ledger schema; other runs
 * wait their turn. The connection that holds the lock must run the migrations too, so that losing it loses both (INV-6).
 *
 * @param substitute how waiting may end without the lock. @default not at all
 * @throws lock wait over (exit 5), naming the holder; usage (exit 2) behind a transaction pooler.
 */
export async function withLock<T>(
  client: Client,
  options: LockOptions,
  body: (lock: Lock) => Promise<T>,
  substitute?: Substitute<T>,
): Promise<T> {
  const ask = askOf(client);
  const [session] = await ask(`SELECT current_database() AS database, ${thisDatabase} AS oid, pg_backend_pid() AS pid`);
  // Before the lock is asked for: behind a pooler it would stay behind in a server process that others use.
  await assertOwnBackend(client, session?.pid);
  const key = lockKey(session?.database, options.ledgerSchema);
  const guard = await answerWithin(client, answerMs, guardSession(client));
  const instead = await acquire(client, { ask, key, options, substitute });
  if (instead !== undefined) {
    return instead;
  }
  try {
    const lock = {
      assertHeld: () => assertHeld(ask, key),
      renewal: renewalOf(client, { key, guard, databaseOid: session?.oid }),
    };
    await lock.assertHeld();
    return await body(lock);
  } finally {
    // A broken connection has released the lock by itself; its error is the one to report.
    await ask(releaseSql(key)).catch(() => undefined);
  }
}

/** Asks the server something that it answers at once. */
function askOf(client: Client): Ask {
  return async (sql, values) => (await answerWithin(client, answerMs, client.query(sql, values))).rows;
}

/** Stable key: the first 64 bits of a hash of database and ledger schema, as the signed number PostgreSQL takes. */
export function lockKey(database: string, ledgerSchema: string): bigint {
  return createHash("sha256").update(`schemagate\0${database}\0${ledgerSchema}`).digest().readBigInt64BE(0);
}

/** The lock that a connection holds. */
interface Held {
  readonly key: bigint;
  /** Statements that make the server watch the connection; RESET ALL takes their effect along. */
  readonly guard: string;
  readonly databaseOid: number;
}

/** Which lock a run wants, and how it waits for it. */
interface Claim<T> {
  readonly ask: Ask;
  readonly key: bigint;
  readonly options: LockOptions;
  readonly substitute?: Substitute<T>;
}

/** @returns what the run comes to where it needs the lock no more; nothing once it holds the lock. */
async function acquire<T>(client: Client, claim: Claim<T>): Promise<T | undefined> {
  const { ask, key } = claim;
  if (await tryLock(ask, key)) {
    return undefined;
  }
  const channel = releaseChannel(key);
  const release = listenForRelease(client, channel);
  try {
    await ask(`LISTEN ${channel}`);
    return await waitForLock(claim, release);
  } finally {
    release.close();
    await ask(`UNLISTEN ${channel}`).catch(() => undefined);
  }
}

async function waitForLock<T>(
  { ask, key, options, substitute }: Claim<T>,
  release: ReleaseListener,
): Promise<T | undefined> {
  const start = performance.now();
  let reportedAt = Number.NEGATIVE_INFINITY;
  // The first pause differs, so that a herd of replicas does not ask in step.
  for (let pause = pollMs * Math.random(); ; pause = pollMs) {
    const { locked, isDone } = await tryUnless(substitute?.condition() ?? "false", ask, key);
    const instead = isDone ? await substitute?.look() : undefined;
    if (locked || instead !== undefined || (isDone && (await tryLock(ask, key)))) {
      return instead;
    }
    const waitedMs = performance.now() - start;
    if (waitedMs >= options.waitMs) {
      throw lockWaitOver(await findHolder(ask, key), options.waitMs);
    }
    if (waitedMs - reportedAt >= reportEveryMs) {
      reportedAt = waitedMs;
      options.onWaiting(await findHolder(ask, key), waitedMs);
    }
    await release.wait(Math.max(1, Math.min(pause, options.waitMs - waitedMs)), options.signal);
  }
}

async function tryLock(ask: Ask, key: bigint): Promise<boolean> {
  const [row] = await ask("SELECT pg_try_advisory_lock($1) AS locked", [key.toString()]);
  return row?.locked;
}

/** Tries for the lock where a condition does not hold: one query, for a herd of waiters asks it again and again. */
async function tryUnless(condition: string, ask: Ask, key: bigint): Promise<{ locked: boolean; isDone: boolean }> {
  const [row] = await ask(
    `SELECT done AS "isDone", CASE WHEN done THEN false ELSE pg_try_advisory_lock($1) END AS locked
       FROM (SELECT ${condition} AS done OFFSET 0) AS work`,
    [key.toString()],
  );
  return row as { locked: boolean; isDone: boolean };
}

/** Gives the lock back and wakes who waits for it: what is notified is sent when the message has ended. */
function releaseSql(key: bigint): string {
  return `SELECT pg_advisory_unlock(${key}); NOTIFY ${releaseChannel(key)}`;
}

/**
 * A new session in all that one migration could leave to the next, the lock excepted: DISCARD ALL would take it along. A lock
 * of the transaction holds its place while all locks of the session are given back (INV-19).
 */
function asNewSql(key: bigint): readonly string[] {
  return [
    "RESET SESSION AUTHORIZATION",
    "RESET ROLE",
    "RESET ALL",
    "CLOSE ALL",
    "DEALLOCATE ALL",
    "UNLISTEN *",
    ...["PLANS", "SEQUENCES", "TEMP"].map((what) => `DISCARD ${what}`),
    `SELECT pg_try_advisory_xact_lock(${key})`,
    "SELECT pg_advisory_unlock_all()",
    `SELECT pg_try_advisory_lock(${key})`,
  ];
}

/** A session as new, and the proof of the lock, in one message that is one transaction. */
function renewalOf(client: Client, { key, guard, databaseOid }: Held): Renewal {
  const [high, low] = keyHalves(key);
  // Looked up once: planning the look-up is a good part of the proof.
  const proof = proofSql.replace(thisDatabase, String(databaseOid)).replace("$1", high).replace("$2", low);
  return {
    // The proof comes before the lock is taken again, which would hide that it was lost.
    sql: [proof, ...asNewSql(key), ...(guard ? [guard] : [])].join("; "),
    check: (results) => {
      forgetPrepared(client);
      checkHeld(results.flatMap(({ rows }) => rows).find((row) => "held" in row));
    },
  };
}

/** The driver knows which statements it has prepared by name: the server knows none of them any more. */
function forgetPrepared(client: Client): void {
  const { connection } = client as unknown as { connection: { parsedStatements: object } };
  connection.parsedStatements = {};
}

const thisDatabase = "(SELECT oid FROM pg_database WHERE datname = current_database())";

/** How pg_locks shows a 64-bit advisory lock: its halves as unsigned numbers, and 1 for "one key". */
const isOurLock = `l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.database = ${thisDatabase}
  AND l.classid = $1::bigint::oid AND l.objid = $2::bigint::oid`;

function keyHalves(key: bigint): [string, string] {
  const unsigned = BigInt.asUintN(64, key);
  return [(unsigned >> 32n).toString(), (unsigned & 0xffffffffn).toString()];
}

const proofSql = `SELECT count(*)::integer AS held FROM pg_locks l WHERE ${isOurLock} AND l.pid = pg_backend_pid()`;

async function assertHeld(ask: Ask, key: bigint): Promise<void> {
  const [row] = await ask(proofSql, keyHalves(key));
  checkHeld(row);
}

function checkHeld(row: Record<string, unknown> | undefined): void {
  if (row?.held !== 1) {
    throw usageError({
      code: "lock-lost",
      message: "the migration lock was taken, but the server process behind this connection does not hold it",
      hint:
        "A pooler in transaction mode (PgBouncer, port 6432) sits between, or a migration called pg_advisory_unlock_all " +
        "or DISCARD ALL. Connect to the server itself: port 5432.",
    });
  }
}

/** Finds who holds a lock, if anybody does. */
export async function findHolder(ask: Ask, key: bigint): Promise<LockHolder | undefined> {
  const [row] = await ask(
    `SELECT a.pid, a.application_name, ${millisecondsSql("a.backend_start")} AS since, a.state
       FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE ${isOurLock}`,
    keyHalves(key),
  );
  return (
    row && {
      pid: row.pid,
      applicationName: row.application_name,
      since: row.since === null ? undefined : new Date(row.since),
      state: row.state ?? "unknown",
    }
  );
}

function lockWaitOver(holder: LockHolder | undefined, waitMs: number): SchemagateError {
  return new SchemagateError({
    code: "lock-wait",
    message: `another run holds the migration lock after ${waitMs / 1000} s of waiting: ${describeHolder(holder)}`,
    hint:
      "See what it does in pg_stat_activity. Wait longer with --lock-wait SECONDS, " +
      `or end it${holder ? ` with SELECT pg_terminate_backend(${holder.pid})` : ""}.`,
    exitCode: exitCodes.lockWait,
    details: holder && { pid: holder.pid, applicationName: holder.applicationName },
  });
}
