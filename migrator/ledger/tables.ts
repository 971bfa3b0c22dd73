import { quoteIdentifier } from "../connection/quote";

/** What the ledger calls its own format; raised when its tables change. */
export const ledgerFormat = 1;

/**
 * The statements that make a ledger, safe to repeat.
 *
 * @param withSchema `false` where the schema exists: CREATE SCHEMA IF NOT EXISTS wants the CREATE privilege even then.
 */
export function createLedgerSql(schemaName: string, { withSchema }: { readonly withSchema: boolean }): string {
  const schema = quoteIdentifier(schemaName);
  return `${withSchema ? `CREATE SCHEMA IF NOT EXISTS ${schema};\n` : ""}CREATE TABLE IF NOT EXISTS ${schema}.format (format integer NOT NULL);
INSERT INTO ${schema}.format SELECT ${ledgerFormat} WHERE NOT EXISTS (SELECT FROM ${schema}.format);
CREATE TABLE IF NOT EXISTS ${schema}.migrations (
  name text PRIMARY KEY,
  checksum text NOT NULL,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  progress jsonb
);
CREATE TABLE IF NOT EXISTS ${schema}.runs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  action text NOT NULL,
  name text NOT NULL,
  checksum text NOT NULL,
  outcome text NOT NULL,
  error text,
  duration_ms integer NOT NULL,
  finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  role text NOT NULL DEFAULT current_user,
  replica text NOT NULL,
  image_version text,
  tool_version text NOT NULL
);`;
}
