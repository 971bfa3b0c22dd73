import type { Client } from "pg";

/** A statement that PostgreSQL would not run. */
export interface Failure {
  readonly sql: string;
  /** The server's words. */
  readonly reason: string;
}

export interface Trial {
  /** Statements that ran, in the order in which they did. */
  readonly ran: readonly string[];
  readonly failed: readonly Failure[];
}

/**
 * Runs statements on a scratch database, each by itself. One that fails is put off until others have run, as long as that
 * helps: so an order that the engine got wrong is found by trying.
 *
 * @param variants forms of a statement, the preferred one first.
 */
export async function tryStatements(
  client: Client,
  statements: readonly string[],
  variants: (sql: string) => readonly string[] = (sql) => [sql],
): Promise<Trial> {
  const ran: string[] = [];
  let waiting: readonly string[] = statements;
  let failed: Failure[] = [];
  let progress = true;
  while (waiting.length > 0 && progress) {
    progress = false;
    failed = [];
    for (const sql of waiting) {
      if (sql === ran.at(-1) || (await isIdle(client, sql))) {
        continue;
      }
      const { done, reason } = await runOne(client, variants(sql));
      if (done) {
        ran.push(done);
        progress = true;
      } else {
        failed.push({ sql, reason });
      }
    }
    waiting = failed.map(({ sql }) => sql);
  }
  return { ran, failed };
}

async function runOne(client: Client, forms: readonly string[]): Promise<{ done?: string; reason: string }> {
  let reason = "";
  for (const form of forms) {
    try {
      await client.query(form);
      return { done: form, reason };
    } catch (error) {
      reason ||= (error as Error).message;
    }
  }
  return { reason };
}

const dropsDefault = /^ALTER TABLE (\S+)\s+ALTER COLUMN (\S+) DROP DEFAULT$/;

/** The engine drops defaults before it changes types, whether there are any or not. */
async function isIdle(client: Client, sql: string): Promise<boolean> {
  const [, table, column] = dropsDefault.exec(sql) ?? [];
  if (!table || !column) {
    return false;
  }
  const { rows } = await client.query(
    "SELECT NOT atthasdef AS idle FROM pg_attribute WHERE attrelid = to_regclass($1) AND format('%I', attname) = $2",
    [table, column],
  );
  return rows[0]?.idle === true;
}
