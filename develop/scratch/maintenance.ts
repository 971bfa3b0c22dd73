import type { Client } from "pg";
import type { ConnectionConfig, ConnectionSettings } from "../../migrator/connection/config";
import { namedConfig } from "../../migrator/connection/config";
import { type ConnectOptions, withConnection } from "../../migrator/connection/connect";
import { guardSession } from "../../migrator/connection/guard";
import { assertOwnBackend } from "../../migrator/connection/pooler";
import { SchemagateError } from "../../migrator/errors";
import type { Environment } from "../../migrator/settings";

/** Every server has it, unless somebody dropped it. */
const ordinaryDatabase = "postgres";

/**
 * Runs `body` with the connection that makes, holds and drops scratch databases: to the database the settings name, or,
 * where that does not exist yet, to `postgres`.
 *
 * @throws usage (exit 2) behind a pooler in transaction mode; cannot connect (exit 7).
 */
export async function withMaintenance<T>(
  server: ConnectionSettings,
  env: Environment,
  options: ConnectOptions,
  body: (client: Client, config: ConnectionConfig) => Promise<T>,
): Promise<T> {
  const named = namedConfig(server, env);
  let begun = false;
  const use = (config: ConnectionConfig) =>
    withConnection(config, options, async (client) => {
      begun = true;
      await prepareSession(client);
      return body(client, config);
    });
  return use(named).catch((error) => {
    if (begun || !(error instanceof SchemagateError && error.code === "no-database")) {
      throw error;
    }
    return use({ ...named, database: ordinaryDatabase });
  });
}

async function prepareSession(client: Client): Promise<void> {
  const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
  await assertOwnBackend(client, rows[0].pid);
  await guardSession(client);
  // It is idle while migrations run. PostgreSQL 13 does not have it.
  await client.query("SET idle_session_timeout = 0").catch(() => undefined);
}
