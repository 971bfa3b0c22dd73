import { Client, type ClientConfig } from "pg";
import { exitCodes, SchemagateError } from "../errors";
import { redact } from "../redact";
import { sleep } from "../sleep";

export interface ConnectOptions {
  /** How long to retry while the server is not reachable yet. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Called before each wait between two tries. */
  readonly onRetry: (reason: string, waitMs: number) => void;
}

/** Longest wait for one answer, so that a silent peer does not use up all of the timeout. */
const attemptMs = 10_000;
const firstWaitMs = 250;
const longestWaitMs = 5_000;

/**
 * Runs `body` with one open connection, and closes it.
 *
 * A server that is not there yet is retried with growing waits; a wrong password or a missing database is not.
 *
 * @throws cannot connect (exit 7).
 */
export async function withConnection<T>(
  config: ClientConfig,
  options: ConnectOptions,
  body: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await connect(config, options);
  try {
    return await body(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function connect(config: ClientConfig, options: ConnectOptions): Promise<Client> {
  const start = performance.now();
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    options.signal.throwIfAborted();
    const leftMs = options.timeoutMs - (performance.now() - start);
    try {
      return await connectOnce(config, Math.max(1_000, Math.min(attemptMs, leftMs)));
    } catch (error) {
      if (!isTransient(error) || leftMs <= waitMs) {
        throw connectionError(error, config, isTransient(error) ? options.timeoutMs : undefined);
      }
      options.onRetry(reasonOf(error), waitMs);
      await sleep(waitMs, options.signal);
    }
  }
}

async function connectOnce(config: ClientConfig, timeoutMs: number): Promise<Client> {
  const client = new Client({ ...config, connectionTimeoutMillis: timeoutMs });
  // A connection that breaks while idle raises an event; the next query reports it, so it must not end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

const transientCodes = new Set([
  // The network and its name service.
  ...[
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "EPIPE",
    "ENOENT",
    "ENOTFOUND",
    "EAI_AGAIN",
  ],
  // The server starts, stops, or has no connection left.
  ...["57P01", "57P02", "57P03", "53300"],
]);

function isTransient(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return transientCodes.has(code ?? "") || /timeout expired|Connection terminated/.test(message ?? "");
}

/** Whether an error says that the connection is gone, so that nothing more can be asked of it. */
export function isConnectionLost(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return (
    /^(08|57P0)/.test(code ?? "") ||
    ["ECONNRESET", "EPIPE", "ETIMEDOUT"].includes(code ?? "") ||
    /Connection terminated|Client was closed|not queryable|read ECONN/.test(message ?? "")
  );
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return redact(message || code || String(error));
}

/** SQLSTATEs and messages that have a remedy of their own. */
const remedies: readonly { readonly matches: RegExp; readonly code: string; readonly hint: string }[] = [
  {
    matches: /^28/,
    code: "authentication",
    hint: "Check user and password; for Entra, that the role exists and PGUSER names it.",
  },
  { matches: /^3D000/, code: "no-database", hint: "Create the database, or name another one." },
  { matches: /does not support SSL/, code: "no-tls", hint: "Use sslmode=disable if the network between is trusted." },
  {
    matches: /certificate|CERT|altname/i,
    code: "tls",
    hint: "Name the certificate authorities with sslrootcert, or check the host name.",
  },
];

/** Says that the database cannot be reached, where it was looked for, and what to check. */
export function connectionError(error: unknown, config: ClientConfig, waitedMs?: number): SchemagateError {
  if (error instanceof SchemagateError) {
    return error;
  }
  const { code = "" } = error as { code?: string };
  const remedy = remedies.find(({ matches }) => matches.test(code) || matches.test(reasonOf(error)));
  const waited = waitedMs === undefined ? "" : ` after ${waitedMs / 1000} s of trying`;
  return new SchemagateError({
    code: remedy?.code ?? "unreachable",
    message: `cannot connect to ${describeTarget(config)}${waited}: ${reasonOf(error)}`,
    hint: remedy?.hint ?? "Check host, port and network; wait longer with --connect-timeout SECONDS.",
    exitCode: exitCodes.connection,
    cause: error,
    details: code ? { sqlState: code } : {},
  });
}

/** `database "orders" at db.example:5432 as "api"`. */
export function describeTarget(config: ClientConfig): string {
  return `database "${config.database ?? ""}" at ${config.host}:${config.port}${config.user ? ` as "${config.user}"` : ""}`;
}
