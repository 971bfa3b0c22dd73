import { literals, quoteIdentifier } from "../connection/quote";
import { exitCodes, SchemagateError } from "../errors";
import type { Querier } from "./shape";

export type LedgerTable = "format" | "migrations" | "runs";

/**
 * A condition in SQL: whether what this role reads of the tables may be less than they hold, because of row level security,
 * or may not be theirs at all, because something else has their name. It fails as a query of them does where one is absent.
 *
 * @param schema quoted.
 */
export function suspiciousSql(schema: string, tables: readonly LedgerTable[]): string {
  return tables
    .map((table) => {
      const name = literals(`${schema}.${table}`);
      // relkind: an ordinary or a partitioned table.
      return `(row_security_active(${name}) OR (SELECT relkind NOT IN ('r', 'p') FROM pg_class WHERE oid = ${name}::regclass))`;
    })
    .join(" OR ");
}

/** A policy of a table holds for this role, and for reading. */
const applies =
  "p.polrelid = c.oid AND p.polcmd IN ('r', '*') AND EXISTS (SELECT FROM unnest(p.polroles) AS r WHERE r = 0 OR pg_has_role(r, 'USAGE'))";
const showsAll = "pg_get_expr(p.polqual, p.polrelid) = 'true'";

/**
 * Asserts that this role reads all that the ledger holds (INV-25): a migration whose row it does not see would run again.
 *
 * @throws refused (exit 4).
 */
export async function assertAllRows(
  client: Querier,
  schemaName: string,
  tables: readonly LedgerTable[],
): Promise<void> {
  const { rows } = await client.query(
    `SELECT c.relname AS name, c.relkind IN ('r', 'p') AS "isTable", current_user AS role
       FROM pg_class c
      WHERE c.relnamespace = to_regnamespace($1) AND c.relname = ANY($2)
        AND (c.relkind NOT IN ('r', 'p')
          OR row_security_active(c.oid)
             AND (NOT EXISTS (SELECT FROM pg_policy p WHERE ${applies} AND p.polpermissive AND ${showsAll})
               OR EXISTS (SELECT FROM pg_policy p WHERE ${applies} AND NOT p.polpermissive AND NOT ${showsAll})))
      ORDER BY 1`,
    [quoteIdentifier(schemaName), tables],
  );
  const strange = rows.filter(({ isTable }) => !isTable).map(({ name }) => name);
  if (strange.length > 0) {
    throw new SchemagateError({
      code: "foreign-ledger",
      message: `${strange.join(", ")} in schema ${schemaName} is no table: what it shows may not be what the ledger holds`,
      hint: "Put the ledger's table back in its place, or name another schema with --ledger-schema.",
      exitCode: exitCodes.refused,
    });
  }
  if (rows.length > 0) {
    throw hiddenError(
      schemaName,
      rows.map(({ name }) => name),
      rows[0].role,
    );
  }
}

function hiddenError(schemaName: string, tables: readonly string[], role: string): SchemagateError {
  const alter = tables.map((table) => `ALTER TABLE ${quoteIdentifier(schemaName)}.${table} DISABLE ROW LEVEL SECURITY`);
  return new SchemagateError({
    code: "ledger-hidden",
    message:
      `row level security hides rows of the ledger in schema ${schemaName} (${tables.join(", ")}) from "${role}": what was ` +
      "applied may look as if it were not",
    hint:
      `As the tables' owner: ${alter.join("; ")}. Or run as their owner, unless FORCE ROW LEVEL SECURITY is on, or as a role ` +
      "with BYPASSRLS. A role that only looks may have a policy: FOR SELECT USING (true).",
    exitCode: exitCodes.refused,
  });
}
