import { createHash } from "node:crypto";
import type { Client } from "pg";
import { answerWithin } from "./connection/connect";
import { guardSession } from "./connection/guard";
import { assertOwnBackend } from "./connection/pooler";
import { exitCodes, SchemagateError, usageError } from "./errors";
import { describeHolder, type LockHolder } from "./lock-holder";
import { sleep } from "./sleep";

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
}

// biome-ignore lint/suspicious/noExplicitAny: rows are what the SQL says, as in pg's own types
type Ask = (sql: string, values?: string[]) => Promise<Record<string, any>[]>;

/** Between two tries. Idle, outside a transaction: a session waiting inside a query would hold a snapshot. */
const pollMs = 500;
/** None of the statements here waits for anything: a server that takes longer for one is not there any more. */
const answerMs = 15_000;
const reportEveryMs = 10_000;

/**
 * Runs `body` while this connection holds the session-level advisory lock of database and ledger schema; other runs
 * wait their turn. The connection that holds the lock must run the migrations too, so that losing it loses both.
 *
 * @throws lock wait over (exit 5), naming the holder; usage (exit 2) behind a transaction pooler.
 */
export async function withLock<T>(client: Client, options: LockOptions, body: (lock: Lock) => Promise<T>): Promise<T> {
  const ask = askOf(client);
  const [session] = await ask("SELECT current_database() AS database, pg_backend_pid() AS pid");
  // Before the lock is asked for: behind a pooler it would stay behind in a server process that others use.
  await assertOwnBackend(client, session?.pid);
  const key = lockKey(session?.database, options.ledgerSchema);
  await answerWithin(client, answerMs, guardSession(client));
  await acquire(ask, key, options);
  try {
    const lock = { assertHeld: () => assertHeld(ask, key) };
    await lock.assertHeld();
    return await body(lock);
  } finally {
    // A broken connection has released the lock by itself; its error is the one to report.
    await ask("SELECT pg_advisory_unlock($1)", [key.toString()]).catch(() => undefined);
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

async function acquire(ask: Ask, key: bigint, options: LockOptions): Promise<void> {
  const start = performance.now();
  let reportedAt = Number.NEGATIVE_INFINITY;
  // The first pause differs, so that a herd of replicas does not ask in step.
  for (let pause = pollMs * Math.random(); !(await tryLock(ask, key)); pause = pollMs) {
    const waitedMs = performance.now() - start;
    if (waitedMs >= options.waitMs) {
      throw lockWaitOver(await findHolder(ask, key), options.waitMs);
    }
    if (waitedMs - reportedAt >= reportEveryMs) {
      reportedAt = waitedMs;
      options.onWaiting(await findHolder(ask, key), waitedMs);
    }
    await sleep(Math.max(1, Math.min(pause, options.waitMs - waitedMs)), options.signal);
  }
}

async function tryLock(ask: Ask, key: bigint): Promise<boolean> {
  const [row] = await ask("SELECT pg_try_advisory_lock($1) AS locked", [key.toString()]);
  return row?.locked;
}

/** How pg_locks shows a 64-bit advisory lock: its halves as unsigned numbers, and 1 for "one key". */
const isOurLock = `l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.classid = $1::bigint::oid AND l.objid = $2::bigint::oid`;

function keyHalves(key: bigint): [string, string] {
  const unsigned = BigInt.asUintN(64, key);
  return [(unsigned >> 32n).toString(), (unsigned & 0xffffffffn).toString()];
}

async function assertHeld(ask: Ask, key: bigint): Promise<void> {
  const [row] = await ask(
    `SELECT count(*)::integer AS held FROM pg_locks l WHERE ${isOurLock} AND l.pid = pg_backend_pid()`,
    keyHalves(key),
  );
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

async function findHolder(ask: Ask, key: bigint): Promise<LockHolder | undefined> {
  const [row] = await ask(
    `SELECT a.pid, a.application_name, a.backend_start, a.state
       FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE ${isOurLock}`,
    keyHalves(key),
  );
  return (
    row && {
      pid: row.pid,
      applicationName: row.application_name,
      since: row.backend_start,
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
