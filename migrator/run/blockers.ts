import type { Client } from "pg";
import type { StepContext } from "./context";

/** As many as a person wants to read of. */
const most = 3;
/** PostgreSQL's FirstNormalObjectId (access/transam.h): below are the system's own tables. */
const firstOwnTable = 16_384;

interface Blocker {
  readonly pid: number;
  readonly name: string;
  readonly role: string;
  readonly state: string | null;
  readonly seconds: number | null;
}

/**
 * Warns of the sessions that a lock timeout waited for: in a transaction since before the wait began, with the lock of a
 * table of this database. After the fact, so it names who is still there; nothing when nobody is. What they run is left
 * out: a statement may hold values that are for no log.
 */
export async function warnOfBlockers(context: StepContext, migration: string, waitedMs: number): Promise<void> {
  const blockers = await findBlockers(context.client, waitedMs).catch(() => []);
  for (const { pid, name, role, state, seconds } of blockers) {
    const doing = state === null ? "" : `, ${state}, in a transaction for ${seconds} s`;
    context.report({
      event: "warning",
      code: "blocked",
      message: `${migration} waits for locks, and ${name} (pid ${pid}, role ${role}${doing}) holds some`,
      hint:
        `Let it end, or end it with SELECT pg_terminate_backend(${pid}). What it runs: ` +
        `SELECT query FROM pg_stat_activity WHERE pid = ${pid}.`,
    });
  }
}

/** Of another role's session, only a member of pg_read_all_stats sees state and age: then its lock alone counts. */
async function findBlockers(client: Client, waitedMs: number): Promise<readonly Blocker[]> {
  const { rows } = await client.query<Blocker>(
    `SELECT a.pid, coalesce(nullif(a.application_name, ''), 'an unnamed client') AS name, a.usename AS role, a.state,
            round(extract(epoch FROM clock_timestamp() - a.xact_start))::integer AS seconds
       FROM pg_stat_activity a
      WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
        AND (a.xact_start IS NULL OR a.xact_start < clock_timestamp() - $1 * interval '1 ms')
        AND EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.granted AND l.locktype = 'relation'
                     AND l.relation >= ${firstOwnTable})
      ORDER BY a.xact_start LIMIT ${most}`,
    [waitedMs],
  );
  return rows;
}
