import type { Client } from "pg";
import { cancelBackend } from "../connection/cancel";
import {
  type ConnectionConfig,
  type ConnectionSettings,
  namedConfig,
  namesDatabase,
  replicaName,
} from "../connection/config";
import { withConnection } from "../connection/connect";
import { noDatabaseError } from "../connection/no-database";
import type { Report, RunEvent } from "../events/events";
import type { Actor } from "../ledger/ledger";
import type { databaseOptions, Environment, OptionValues } from "../settings";
import { version } from "../version";

export type DatabaseOptions = OptionValues<typeof databaseOptions>;

/** What a piece of work is given by the process that it runs in. */
export interface ProcessContext {
  readonly env: Environment;
  /** Told what happens. */
  readonly report: Report;
  /** Aborted with a SchemagateError on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Asks a yes-or-no question on the terminal; absent where there is none, so that nothing ever hangs. */
  readonly ask?: (question: string) => Promise<boolean>;
}

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
 * @param mayBeginAgain asked when the connection broke under `body`: whether it may run once more, over a new one.
 *   @default never
 * @throws usage (exit 2), cannot connect or connection lost (exit 7).
 */
export async function withDatabase<T>(
  options: DatabaseOptions,
  { env, report, signal }: ProcessContext,
  body: (session: Session) => Promise<T>,
  mayBeginAgain?: () => boolean,
): Promise<T> {
  return withServer(options, env, async (server, dataDir) => {
    const config = namedConfig(server, env);
    report(targetEvent(config, env, { dataDir }));
    const connectOptions = {
      timeoutMs: options.connectTimeout * 1_000,
      signal,
      mayBeginAgain,
      onRetry: (reason: string, waitMs: number) => report({ event: "connect-retry", reason, waitMs }),
    };
    return withConnection(config, connectOptions, (client) =>
      body({ client, actor: readActor(env), cancelBackend: (pid) => cancelBackend(config, pid) }),
    );
  });
}

/** Runs `use` with the server that options and environment name; when they name none, with the embedded PostgreSQL. */
async function withServer<T>(
  { databaseUrl, auth, role, dataDir }: Pick<DatabaseOptions, "databaseUrl" | "auth" | "role" | "dataDir">,
  env: Environment,
  use: (server: ConnectionSettings, dataDir?: string) => Promise<T>,
): Promise<T> {
  return namesDatabase({ databaseUrl, env })
    ? use({ databaseUrl, auth, role, env })
    : withEmbedded(dataDir, env, (server) => use({ ...server, role }, dataDir));
}

/** Names the database that is acted on, before it is (INV-21). */
export function targetEvent(
  { host = "", port = 0, user, database }: ConnectionConfig,
  env: Environment,
  more: { readonly dataDir?: string; readonly scratch?: true } = {},
): RunEvent {
  // As pg does where nothing names one.
  const role = user ?? env.USER;
  return { event: "target", target: { host, port, database: database ?? role ?? "", user: role, ...more } };
}

/** Runs `use` with the embedded PostgreSQL, started for it. */
export async function withEmbedded<T>(
  dataDir: string,
  env: Environment,
  use: (server: ConnectionSettings) => Promise<T>,
): Promise<T> {
  const { withEmbeddedPostgres } = await import("../embedded/embedded-postgres").catch((cause) => {
    throw noDatabaseError(`the embedded PostgreSQL is not part of an image (${cause.code})`);
  });
  return withEmbeddedPostgres(dataDir, env, (databaseUrl) => use({ databaseUrl, auth: "password", env: {} }));
}

function readActor(env: Environment): Actor {
  return { replica: replicaName(env), imageVersion: env.SCHEMAGATE_IMAGE_VERSION, toolVersion: version };
}
