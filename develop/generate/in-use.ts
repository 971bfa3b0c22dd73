import type { Client } from "pg";
import type { IsInUse } from "./online";

/**
 * Reads which tables and indexes exist: they may hold rows and serve traffic. Partitioned ones are left out, because
 * PostgreSQL builds their indexes and keys in no other way.
 */
export async function readInUse(client: Client): Promise<IsInUse> {
  const { rows } = await client.query(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'm', 'i') AND NOT c.relispartition AND n.nspname !~ '^pg_'`,
  );
  const known = new Set(rows.map(({ schema, name }) => JSON.stringify([schema, name])));
  return (name, schema = "public") => known.has(JSON.stringify([schema, name]));
}
