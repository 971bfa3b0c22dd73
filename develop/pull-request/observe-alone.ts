import type { Client } from "pg";
import { quoteIdentifier } from "../../migrator/connection/quote";
import type { ScratchDatabase } from "../scratch/scratch";
import { strongestByTable } from "./locks";
import type { SeenLock } from "./planned";
import { type Relations, readLocks } from "./relations";

interface Watched {
  readonly client: Client;
  readonly database: ScratchDatabase;
  readonly before: Relations;
}

/**
 * Runs a statement that PostgreSQL runs only outside a transaction, when its locks are gone as it ends. So another session
 * locks every table first, looks at what the statement waits for, and lets go; then it goes on looking.
 */
export function observeAlone({ client, database, before }: Watched, sql: string): Promise<SeenLock[]> {
  return database.connect(async (watcher) => {
    const { rows } = await client.query("SELECT pg_catalog.pg_backend_pid() AS pid");
    await client.query("SET lock_timeout = 0");
    await lockAll(watcher, before);
    let holding = true;
    let ended = false;
    const running = client.query(sql).finally(() => {
      ended = true;
    });
    // Awaited below; a failure meanwhile is not lost.
    running.catch(() => undefined);
    const seen: SeenLock[] = [];
    while (!ended) {
      seen.push(...(await readLocks(watcher, before, rows[0].pid)));
      if (holding && (await isWaiting(watcher, rows[0].pid))) {
        seen.push(...(await readLocks(watcher, before, rows[0].pid)));
        await watcher.query("COMMIT");
        holding = false;
      }
    }
    await running;
    return strongestByTable(seen);
  });
}

/** In the mode that lets reads and writes pass, and nothing that changes a table: then it is the statement's own lock that waits. */
async function lockAll(watcher: Client, before: Relations): Promise<void> {
  const tables = [...before.values()].filter(({ kind }) => kind === "r" || kind === "p");
  await watcher.query("BEGIN");
  for (const { schema, table } of tables) {
    await watcher.query(
      `LOCK TABLE ONLY ${quoteIdentifier(schema)}.${quoteIdentifier(table)} IN SHARE UPDATE EXCLUSIVE MODE`,
    );
  }
}

async function isWaiting(watcher: Client, pid: number): Promise<boolean> {
  const { rows } = await watcher.query(
    "SELECT EXISTS (SELECT FROM pg_catalog.pg_locks WHERE pid = $1 AND NOT granted) AS waiting",
    [pid],
  );
  return rows[0].waiting;
}
