import { createHash } from "node:crypto";
import type { Client } from "pg";

type Querier = Pick<Client, "query">;

/** What the names of all scratch databases begin with. */
export const scratchPrefix = "schemagate_scratch_";

/**
 * Holds a scratch database: for as long as this session lasts, no sweep drops it.
 *
 * @param waitMs how long another session may keep it, in milliseconds.
 */
export async function holdDatabase(client: Querier, name: string, waitMs: number): Promise<void> {
  // One message: others may use the connection in between.
  await client.query(`SET lock_timeout = ${waitMs}; SELECT pg_advisory_lock(${keyOf(name)}); RESET lock_timeout`);
}

/** Lets go of it. */
export async function releaseDatabase(client: Querier, name: string): Promise<void> {
  await client.query("SELECT pg_advisory_unlock($1)", [keyOf(name).toString()]);
}

/**
 * Finds which of some scratch databases nobody holds. A session's advisory lock belongs to the database it is connected
 * to, and runs connect to different ones: so the locks of all databases are looked at.
 */
export async function unheldDatabases(client: Querier, names: readonly string[]): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT classid::bigint::text AS high, objid::bigint::text AS low FROM pg_locks
      WHERE locktype = 'advisory' AND objsubid = 1`,
  );
  const held = new Set(rows.map(({ high, low }) => (BigInt(high) << 32n) + BigInt(low)));
  return names.filter((name) => !held.has(BigInt.asUintN(64, keyOf(name))));
}

/** Stable key: the first 64 bits of a hash of the name, as the signed number PostgreSQL takes. */
function keyOf(name: string): bigint {
  return createHash("sha256").update(`schemagate scratch\0${name}`).digest().readBigInt64BE(0);
}
