import type { Client } from "pg";
import { isConnectionLost } from "../connection/connect";
import { quoteIdentifier } from "../connection/quote";
import { refusedByServer } from "../connection/server-refusal";
import { exitCodes, SchemagateError } from "../errors";
import { ledgerFormat } from "./tables";

/** What the ledger needs of a connection. */
export type Querier = Pick<Client, "query">;

/** SQLSTATEs that say "no such table" and "no such schema". */
const absentStates = new Set(["42P01", "3F000"]);
/** "No such column" and "no such operator": tables of another shape. */
const foreignStates = new Set(["42703", "42883"]);

/**
 * Asks something of the ledger's tables.
 *
 * @returns no rows where there is no ledger.
 * @throws refused (exit 4) where the tables are not those of this version's ledger.
 */
export async function selectOrEmpty(client: Querier, schemaName: string, sql: string) {
  try {
    return (await client.query(sql)).rows;
  } catch (error) {
    const { code = "" } = error as { code?: string };
    if (absentStates.has(code)) {
      return selectAgain(client, schemaName, sql);
    }
    throw foreignStates.has(code) ? await otherShapeError(client, schemaName, ["format", "migrations", "runs"]) : error;
  }
}

/**
 * A ledger is absent when none of its tables is there. Some of them are another tool's or a remainder, or another run
 * has made them just now.
 */
async function selectAgain(client: Querier, schemaName: string, sql: string) {
  const { rows } = await client.query(
    "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace($1) AND relname IN ('format', 'migrations', 'runs')",
    [quoteIdentifier(schemaName)],
  );
  if (rows.length === 0) {
    return [];
  }
  try {
    return (await client.query(sql)).rows;
  } catch {
    throw await otherShapeError(
      client,
      schemaName,
      rows.map(({ relname }) => relname),
    );
  }
}

/** Tables of another shape are a newer version's where its format says so, and another tool's everywhere else. */
async function otherShapeError(
  client: Querier,
  schemaName: string,
  tables: readonly string[],
): Promise<SchemagateError> {
  const sql = `SELECT format FROM ${quoteIdentifier(schemaName)}.format`;
  const { rows } = await client.query(sql).catch(() => ({ rows: [] }));
  const format = rows[0]?.format;
  const isOurs = typeof format === "number" && format !== ledgerFormat;
  return isOurs ? formatError(schemaName, format) : foreignError(schemaName, tables);
}

function foreignError(schemaName: string, tables: readonly string[]): SchemagateError {
  return new SchemagateError({
    code: "foreign-ledger",
    message: `schema ${schemaName} holds ${tables.join(", ")}, but these are no tables of schemagate's ledger`,
    hint: "Name another schema with --ledger-schema, or move those tables away.",
    exitCode: exitCodes.refused,
  });
}

/** The server refuses to make the ledger: exit 6. Any other error is returned as it is. */
export function notMadeError(schemaName: string, error: unknown): unknown {
  return isConnectionLost(error)
    ? error
    : refusedByServer(
        error,
        `the ledger cannot be made in schema ${schemaName}`,
        "If an event trigger of the server says so, let it pass for this role. Or make the ledger as a role that may, with the " +
          "statements at the top of what `up --sql` prints; or name a schema that may be used with --ledger-schema.",
      );
}

/** The ledger is of another format: exit 4. @param format null where the table is empty. */
export function formatError(schemaName: string, format: number | null): SchemagateError {
  if (format === null) {
    const insert = `INSERT INTO ${quoteIdentifier(schemaName)}.format VALUES (${ledgerFormat})`;
    return new SchemagateError({
      code: "ledger-format",
      message: `the ledger in schema ${schemaName} has lost its format: the table is empty`,
      hint: `Restore it from a backup, or ${insert} if this version wrote it.`,
      exitCode: exitCodes.refused,
    });
  }
  return new SchemagateError({
    code: "ledger-format",
    message: `the ledger in schema ${schemaName} has format ${format}, this version reads ${ledgerFormat}`,
    hint: "Use the version of schemagate that wrote it, or a newer one.",
    exitCode: exitCodes.refused,
  });
}
