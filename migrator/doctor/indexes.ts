import type { Client } from "pg";
import { type Check, checksOf } from "./check";

const { ok, problem } = checksOf("indexes");

export interface InvalidIndex {
  /** Quoted and with its schema, ready for SQL. */
  readonly index: string;
  readonly table: string;
  /** On a partitioned table: some partition has no index of it yet. */
  readonly partitioned: boolean;
  /** Whether a session builds it right now. */
  readonly building: boolean;
}

/** Reads the invalid indexes: what a failed CREATE INDEX CONCURRENTLY leaves behind. */
export async function readInvalidIndexes(client: Client): Promise<InvalidIndex[]> {
  const { rows } = await client.query(
    `SELECT format('%I.%I', n.nspname, c.relname) AS index, i.indrelid::regclass::text AS table,
            c.relkind = 'I' AS partitioned,
            EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = c.oid) AS building
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT i.indisvalid AND n.nspname !~ '^pg_temp_' ORDER BY 1`,
  );
  return rows;
}

/** Judges the invalid indexes. */
export function judgeIndexes(indexes: readonly InvalidIndex[]): Check[] {
  return indexes.length === 0 ? [ok("invalid-index", "all indexes are valid")] : indexes.map(judgeIndex);
}

function judgeIndex({ index, table, partitioned, building }: InvalidIndex): Check {
  if (building) {
    return ok("invalid-index", `index ${index} on ${table} is being built`);
  }
  return problem({
    code: "invalid-index",
    message: partitioned
      ? `index ${index} on ${table} is invalid: not every partition has an index attached to it`
      : `index ${index} on ${table} is invalid: writes maintain it, no query uses it, and if unique it proves nothing`,
    hint: partitioned
      ? "Build the missing ones and attach them with ALTER INDEX … ATTACH PARTITION."
      : `DROP INDEX CONCURRENTLY ${index}, and build it again; IF NOT EXISTS would take it for there.`,
  });
}
