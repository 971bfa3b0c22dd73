import type { Client } from "pg";
import { quoteIdentifier } from "../../migrator/connection/quote";
import { refusal } from "../../migrator/errors";
import { Ledger, type LedgerRow } from "../../migrator/ledger/ledger";
import type { Catalog } from "../catalog/catalog";
import { readCatalog } from "../catalog/read";
import type { Ground } from "../scratch/database";
import { readGround } from "../scratch/ground";

/** A database as it is. */
export interface Live {
  readonly rows: readonly LedgerRow[];
  readonly catalog: Catalog;
  readonly ground: Ground;
  /** Roles that migrated it, according to its ledger. */
  readonly migrators: readonly string[];
}

/**
 * Reads a database in one read-only transaction, of one snapshot: nothing is written, no table is locked.
 *
 * @throws refused (exit 4) when there is no ledger.
 */
export async function readLive(client: Client, ledgerSchema: string, ignoreSchemas: readonly string[]): Promise<Live> {
  const ledger = new Ledger(client, ledgerSchema);
  // Before the transaction, which the error that another ledger's tables cause would end.
  if ((await ledger.read()).length === 0) {
    throw refusal({
      code: "nothing-applied",
      message: `the ledger in schema ${ledgerSchema} holds no migration, so nothing says what the database should look like`,
      hint: "Name the schema of the ledger with --ledger-schema; a database that another tool migrated is taken over with `adopt`.",
    });
  }
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  try {
    const rows = await ledger.read();
    const { owner, migrators } = await readMigrators(client, ledgerSchema);
    const ground = await readGround(client, owner);
    return { rows, migrators, ground, catalog: await readCatalog(client, { ignoreSchemas }) };
  } finally {
    await client.query("ROLLBACK").catch(() => undefined);
  }
}

async function readMigrators(client: Client, ledgerSchema: string): Promise<{ owner: string; migrators: string[] }> {
  const schema = quoteIdentifier(ledgerSchema);
  const { rows } = await client.query(
    `SELECT pg_get_userbyid(c.relowner) AS owner,
        ARRAY(SELECT DISTINCT r.role FROM ${schema}.runs r WHERE r.outcome IN ('applied', 'reverted')) AS roles
       FROM pg_class c WHERE c.oid = to_regclass($1)`,
    [`${schema}.migrations`],
  );
  const [{ owner, roles }] = rows;
  return { owner, migrators: [...new Set<string>([owner, ...roles])] };
}
