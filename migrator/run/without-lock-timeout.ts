import type { Client } from "pg";

/**
 * Runs a statement that nobody waits for while it waits: a lock timeout would only spoil it.
 *
 * @param lockTimeoutMs the timeout that counts again behind it.
 */
export async function withoutLockTimeout<T>(client: Client, lockTimeoutMs: number, body: () => Promise<T>): Promise<T> {
  await client.query("SET lock_timeout = 0");
  try {
    return await body();
  } finally {
    // In a transaction that failed it is as before; what stops it otherwise is what stopped the statement.
    await client.query(`SET lock_timeout = ${lockTimeoutMs}`).catch(() => undefined);
  }
}
