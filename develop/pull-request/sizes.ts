import type { Client } from "pg";
import type { TableSize } from "./planned";

/** SQLSTATE of a lock that could not be had in time. */
const lockNotAvailable = "55P03";

/**
 * Reads how big tables are.
 *
 * @param tables names as `schema.table`.
 * @returns sizes by name; none where a table is locked just now.
 */
export async function readSizes(
  client: Pick<Client, "query">,
  tables: readonly string[],
): Promise<Record<string, TableSize>> {
  await client.query("BEGIN READ ONLY; SET LOCAL lock_timeout = '1s'");
  try {
    const { rows } = await client.query(
      `SELECT n.nspname || '.' || c.relname AS name, sized.rows, sized.bytes
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
         LATERAL (SELECT sum(nullif(p.reltuples, -1))::double precision AS rows,
                         sum(pg_total_relation_size(p.oid))::double precision AS bytes
                    FROM pg_class p
                   WHERE p.relkind IN ('r', 'm')
                     AND (p.oid = c.oid OR p.oid IN (SELECT relid FROM pg_partition_tree(c.oid)))) sized
        WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname || '.' || c.relname = ANY($1)`,
      [tables],
    );
    return Object.fromEntries(
      rows.map(({ name, rows, bytes }) => [name, { ...(rows === null ? {} : { rows }), bytes: bytes ?? 0 }]),
    );
  } catch (error) {
    if ((error as { code?: string }).code === lockNotAvailable) {
      return {};
    }
    throw error;
  } finally {
    await client.query("ROLLBACK");
  }
}
