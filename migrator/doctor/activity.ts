import type { Client } from "pg";
import { millisecondsSql } from "../connection/value-settings";
import { count, duration } from "../events/words";
import { describeHolder, type LockHolder } from "../lock/holder";
import { findHolder, lockKey } from "../lock/lock";
import { type Check, checksOf } from "./check";

const { ok, warning } = checksOf("activity");

/** A session that keeps a lock on a table: DDL on that table waits for it. */
export interface Session {
  readonly pid: number;
  readonly role: string;
  readonly applicationName: string;
  /** Absent when this role may not see it. */
  readonly state?: string;
  /** How long its transaction has been open. */
  readonly openMs?: number;
  readonly tables: readonly string[];
}

export interface ActivityFacts {
  readonly lockHolder?: LockHolder;
  readonly sessions: readonly Session[];
  /** Prepared transactions: they keep their locks without a session, for as long as nobody ends them. */
  readonly prepared: readonly { readonly gid: string; readonly owner: string; readonly preparedAt: Date }[];
}

/** Above it DDL would run into its lock_timeout, 5 s unless told otherwise. */
const longIdleMs = 5_000;
/** A query still at work may end in time; one of half a minute will not be the last of its kind. */
const longQueryMs = 30_000;

/** Reads who is in the way of a migration. */
export async function readActivity(client: Client, ledgerSchema: string): Promise<ActivityFacts> {
  const { rows } = await client.query("SELECT current_database() AS database");
  const prepared = await client.query(
    `SELECT gid, owner, ${millisecondsSql("prepared")} AS "preparedMs" FROM pg_prepared_xacts
      WHERE database = current_database() ORDER BY prepared`,
  );
  return {
    lockHolder: await findHolder(
      async (sql, values) => (await client.query(sql, values)).rows,
      lockKey(rows[0].database, ledgerSchema),
    ),
    sessions: await readSessions(client),
    prepared: prepared.rows.map(({ preparedMs, ...row }) => ({ ...row, preparedAt: new Date(preparedMs) })),
  };
}

async function readSessions(client: Client): Promise<Session[]> {
  // 16384: the first oid that is not of the system's own catalog (FirstNormalObjectId).
  const { rows } = await client.query(
    `SELECT a.pid, a.usename AS role, a.application_name AS "applicationName", a.state,
            extract(epoch FROM clock_timestamp() - a.xact_start)::float8 * 1000 AS "openMs",
            array_agg(DISTINCT l.relation::regclass::text) AS tables
       FROM pg_stat_activity a JOIN pg_locks l USING (pid)
       JOIN pg_class c ON c.oid = l.relation AND c.relkind = ANY('{r,p,v,m,f}')
      WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
        AND coalesce(a.backend_type, 'client backend') = 'client backend'
        AND l.granted AND l.locktype = 'relation' AND l.relation >= 16384
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      GROUP BY 1, 2, 3, 4, 5 ORDER BY 5 DESC NULLS LAST`,
  );
  return rows.map((row) => ({ ...row, state: row.state ?? undefined, openMs: row.openMs ?? undefined }));
}

/** Judges what would make a migration wait. */
export function judgeActivity({ lockHolder, sessions, prepared }: ActivityFacts): Check[] {
  const lock = lockHolder
    ? warning(
        "lock",
        `the migration lock is held by ${describeHolder(lockHolder)}`,
        "A run is under way: `up` waits for it.",
      )
    : ok("lock", "the migration lock is free");
  const remarks = [...sessions.flatMap(judgeSession), ...judgeHidden(sessions), ...prepared.map(judgePrepared)];
  return [lock, ...(remarks.length > 0 ? remarks : [ok("sessions", "no session is in the way of a migration")])];
}

function judgeSession({ pid, role, applicationName, state, openMs = 0, tables }: Session): Check[] {
  const idle = state?.startsWith("idle in transaction");
  if (state === undefined || openMs < (idle ? longIdleMs : longQueryMs)) {
    return [];
  }
  const who = `${applicationName || "an unnamed client"} of "${role}" (pid ${pid})`;
  return [
    warning(
      idle ? "idle-in-transaction" : "long-query",
      `${who} is ${state}, its transaction open for ${duration(openMs)}, with locks on ${tables.join(", ")}`,
      `A change of those tables would wait for it, and all others behind the change. End it: SELECT pg_terminate_backend(${pid}).`,
    ),
  ];
}

function judgeHidden(sessions: readonly Session[]): Check[] {
  const hidden = sessions.filter(({ state }) => state === undefined);
  return hidden.length === 0
    ? []
    : [
        warning(
          "hidden-sessions",
          `${count(hidden.length, "session")} of other roles with locks on tables cannot be looked into`,
          "GRANT pg_read_all_stats to this role, or run doctor as one that has it.",
        ),
      ];
}

function judgePrepared({ gid, owner, preparedAt }: ActivityFacts["prepared"][number]): Check {
  return warning(
    "prepared-transaction",
    `transaction "${gid}" of "${owner}" has been prepared since ${preparedAt.toISOString()} and keeps its locks`,
    "End it with COMMIT PREPARED or ROLLBACK PREPARED.",
  );
}
