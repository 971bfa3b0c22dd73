import { Client, type ClientConfig } from "pg";
import { applicationName, namesDatabase, replicaName, toClientConfig } from "../connection/config";
import { withConnection } from "../connection/connect";
import { noDatabaseError } from "../connection/no-database";
import type { Actor } from "../ledger";
import type { databaseOptions, Environment, OptionValues } from "../settings";
import { version } from "../version";
import type { CommandContext } from "./command";

type DatabaseOptions = OptionValues<typeof databaseOptions>;

/** An open connection and what a run needs to know about it. */
export interface Session {
  readonly client: Client;
  readonly actor: Actor;
  /** Cancels the current statement of a server process, from another connection. */
  readonly cancelBackend: (pid: number) => Promise<void>;
}

/**
 * Runs `body` with a connection to the database that options and environment name; on a laptop, when they name none,
 * to an embedded PostgreSQL that is started for it.
 *
 * @throws usage (exit 2), cannot connect (exit 7).
 */
export async function withDatabase<T>(
  options: DatabaseOptions,
  { env, output, signal }: CommandContext,
  body: (session: Session) => Promise<T>,
): Promise<T> {
  const named = namesDatabase({ databaseUrl: options.databaseUrl, env });
  const withConfig = named
    ? (use: (config: ClientConfig) => Promise<T>) => use(toClientConfig({ ...options, env }))
    : (use: (config: ClientConfig) => Promise<T>) => withEmbedded(options.dataDir, env, use);
  return withConfig(async (base) => {
    const config = { ...base, application_name: applicationName(version, replicaName(env)) };
    const connectOptions = {
      timeoutMs: options.connectTimeout * 1_000,
      signal,
      onRetry: (reason: string, waitMs: number) => output.event({ event: "connect-retry", reason, waitMs }),
    };
    return withConnection(config, connectOptions, (client) =>
      body({ client, actor: readActor(env), cancelBackend: (pid) => cancelBackend(config, pid) }),
    );
  });
}

async function withEmbedded<T>(
  dataDir: string,
  env: Environment,
  use: (config: ClientConfig) => Promise<T>,
): Promise<T> {
  const { withEmbeddedPostgres } = await import("../embedded/embedded-postgres").catch((cause) => {
    throw noDatabaseError(`the embedded PostgreSQL is not part of an image (${cause.code})`);
  });
  return withEmbeddedPostgres(dataDir, env, (databaseUrl) =>
    use(toClientConfig({ databaseUrl, auth: "password", env: {} })),
  );
}

async function cancelBackend(config: ClientConfig, pid: number): Promise<void> {
  const client = new Client({ ...config, connectionTimeoutMillis: 2_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("SELECT pg_cancel_backend($1)", [pid]);
  } finally {
    await client.end();
  }
}

function readActor(env: Environment): Actor {
  return { replica: replicaName(env), imageVersion: env.SCHEMAGATE_IMAGE_VERSION, toolVersion: version };
}
