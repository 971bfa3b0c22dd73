import type { Client } from "pg";
import { quoteIdentifier } from "../connection/quote";
import type { ConcurrentIndex, Statement } from "../source/statements";
import type { StepContext } from "./context";

interface FoundIndex {
  readonly isValid: boolean;
  /** Schema-qualified and quoted. */
  readonly name: string;
}

/**
 * Settles how CREATE or DROP INDEX CONCURRENTLY ended in a run that died over it.
 *
 * @returns whether it is done; otherwise it must run again.
 */
export async function finishConcurrentIndex(client: Client, { concurrentIndex }: Statement): Promise<boolean> {
  if (!concurrentIndex) {
    return false;
  }
  const index = await findIndex(client, concurrentIndex);
  return concurrentIndex.action === "create" ? index?.isValid === true : index === undefined;
}

/**
 * Drops the invalid index that a failed CREATE INDEX CONCURRENTLY left behind, before it is built again: IF NOT EXISTS
 * would take it for a good one.
 */
export async function removeInvalidIndex(context: StepContext, migration: string, { concurrentIndex }: Statement) {
  if (concurrentIndex?.action !== "create") {
    return;
  }
  const index = await findIndex(context.client, concurrentIndex);
  if (index && !index.isValid) {
    context.report({
      event: "warning",
      code: "invalid-index",
      message: `${migration}: a CREATE INDEX CONCURRENTLY that failed earlier left the invalid index ${index.name}`,
      hint: "It is dropped and built again.",
    });
    await context.client.query(`DROP INDEX CONCURRENTLY ${index.name}`);
  }
}

async function findIndex(client: Client, { schema, name }: ConcurrentIndex): Promise<FoundIndex | undefined> {
  const written = schema === undefined ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
  const { rows } = await client.query(
    // One that another session is building right now is not ours to judge.
    `SELECT i.indisvalid AS "isValid", i.indexrelid::regclass::text AS name FROM pg_index i
      WHERE i.indexrelid = to_regclass($1)
        AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)`,
    [written],
  );
  return rows[0];
}
