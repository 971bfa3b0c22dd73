import { setTimeout } from "node:timers/promises";
import { Client } from "pg";

/** What the server saw of a database's sessions while something ran. */
export interface Sessions {
  /** Most at one time. */
  readonly most: number;
  /** Most at one time that did nothing inside a transaction, without being the one that holds the lock. */
  readonly mostIdleInTransaction: number;
}

/** A look every so often: waiters that sit in a transaction sit there for seconds. */
const lookMs = 50;

const look = `
SELECT count(*)::integer AS sessions,
       count(*) FILTER (WHERE state LIKE 'idle in transaction%' AND pid NOT IN (
         SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted))::integer AS idle
  FROM pg_stat_activity WHERE datname = $1`;

/** Looks at a database's sessions for as long as `body` runs, over a connection to another one. */
export async function watchSessions<T>(
  url: string,
  database: string,
  body: () => Promise<T>,
): Promise<{ readonly sessions: Sessions; readonly result: T }> {
  const client = new Client({ connectionString: url });
  await client.connect();
  let isOver = false;
  let [most, mostIdleInTransaction] = [0, 0];
  const watch = async () => {
    while (!isOver) {
      const [row] = (await client.query(look, [database])).rows;
      most = Math.max(most, row.sessions);
      mostIdleInTransaction = Math.max(mostIdleInTransaction, row.idle);
      await setTimeout(lookMs);
    }
  };
  const watching = watch();
  try {
    const result = await body();
    return { sessions: { most, mostIdleInTransaction }, result };
  } finally {
    isOver = true;
    await watching.finally(() => client.end());
  }
}
