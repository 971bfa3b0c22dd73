/**
 * The library: what an application needs to know whether its schema is current. It takes settings and clients, never
 * exits and never logs.
 */
import type { ClientConfig } from "pg";
import { namesDatabase, toClientConfig } from "./connection/config";
import { noDatabaseError } from "./connection/no-database";
import { Ledger } from "./ledger";
import { isGateOpen } from "./plan";
import { databaseOptions, type Environment, readOptions, sourceOptions } from "./settings";
import type { Source } from "./source/migration";

export { type ExitCode, exitCodes, type Problem, SchemagateError } from "./errors";
export { loadSource } from "./source/load";
export type { Migration, MigrationContext, MigrationModule, Source } from "./source/migration";

/**
 * Reads from the environment how to reach the database, as the migrator does: DATABASE_URL or PG*, DATABASE_AUTH.
 * Pass the result to pg's `Client` or `Pool`; with Entra the password is a function that fetches a token for each new
 * connection.
 *
 * @throws usage (exit 2) when nothing names a database, or a setting is wrong.
 */
export function connectionConfig(env: Environment): ClientConfig {
  const { databaseUrl, auth } = readOptions(databaseOptions, {}, env);
  if (!namesDatabase({ databaseUrl, env })) {
    throw noDatabaseError();
  }
  return toClientConfig({ databaseUrl, auth, env });
}

/** Directory of the migrations: SCHEMAGATE_DIR. @default "migrator/migrations" */
export function migrationsDir(env: Environment): string {
  return readOptions(sourceOptions, {}, env).dir;
}

/** Schema of the ledger: SCHEMAGATE_LEDGER_SCHEMA. @default "schemagate" */
export function ledgerSchema(env: Environment): string {
  return readOptions(databaseOptions, {}, env).ledgerSchema;
}

/**
 * Whether the schema is where this image needs it: nothing pending and nothing wrong; a database that is ahead counts
 * as current. One query, no lock, no write: made for readiness probes.
 *
 * @param client a pg client or pool.
 * @param source the migrations the image carries; load them once, at start.
 */
export async function isCurrent(
  client: Pick<import("pg").Client, "query">,
  source: Source,
  options: { readonly ledgerSchema?: string } = {},
): Promise<boolean> {
  const rows = await new Ledger(client, options.ledgerSchema ?? "schemagate").read();
  return isGateOpen(source, rows, { ahead: "pass", outOfOrder: "refuse" });
}
