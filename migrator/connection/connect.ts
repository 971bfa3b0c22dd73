import type { Socket } from "node:net";
import { Client } from "pg";
import { monotonicMs } from "../clock";
import { exitCodes, SchemagateError, usageError } from "../errors";
import { bounded } from "../excerpt";
import { redact } from "../redact";
import { remedyFor } from "../remedies";
import { sleep } from "../sleep";
import { describeTarget } from "../target";
import type { ConnectionConfig } from "./config";
import { takeHeadStart } from "./head-start";
import { noteWhatBroke, whatBroke } from "./lost-connection";
import { retryDelay } from "./retryable";
import { refusedByServer } from "./server-refusal";
import { hearSessionAttrs } from "./session-attrs";
import { nameTimeout } from "./timeouts";

export interface ConnectOptions {
  /** How long to retry while the server is not reachable yet. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Called before each wait between two tries. */
  readonly onRetry: (reason: string, waitMs: number) => void;
  /** Asked when the connection broke: whether the body may run once more. @default never */
  readonly mayBeginAgain?: () => boolean;
}

/** Longest wait for one answer, so that a silent peer does not use up all of the timeout. */
const attemptMs = 10_000;
const firstWaitMs = 250;
const longestWaitMs = 5_000;
/** A connection that breaks more often than this is no accident any more. */
const mostBeginnings = 5;
/** Longest wait for each answer to what only makes an error clearer. */
const askMs = 2_000;
/** How long a peer may take to close; a silent one must not keep this process. */
const closeMs = 2_000;

/**
 * Runs `body` with one open connection, and closes it.
 *
 * A server that is not there yet is retried with growing waits; a wrong password or a missing database is not. A
 * connection that breaks under `body` is opened again only where `mayBeginAgain` says that nothing was done yet.
 *
 * @throws cannot connect (exit 7); connection lost (exit 7) when it breaks under `body`.
 */
export async function withConnection<T>(
  config: ConnectionConfig,
  options: ConnectOptions,
  body: (client: Client) => Promise<T>,
): Promise<T> {
  for (let beginnings = 1; ; beginnings += 1) {
    const client = await connect(config, options);
    try {
      const result = await body(client);
      leave(client);
      return result;
    } catch (error) {
      await close(client);
      const cause = isConnectionLost(error) ? (whatBroke(client) ?? error) : error;
      const explained = await nameTimeout(explainError(cause, config), (ask) => askOnce(config, ask));
      if (!isConnectionLost(error) || beginnings === mostBeginnings || !options.mayBeginAgain?.()) {
        throw explained;
      }
      options.onRetry((explained as Error).message, firstWaitMs * beginnings);
    }
    await sleep(firstWaitMs * beginnings, options.signal);
  }
}

/** Runs `body` with a connection of its own, which may not come about. */
async function askOnce<T>(config: ConnectionConfig, body: (client: Client) => Promise<T>): Promise<T> {
  const client = await openConnection(config, askMs);
  try {
    return await answerWithin(client, askMs, body(client));
  } finally {
    await close(client);
  }
}

/**
 * Opens a connection, which the caller closes; a server that is not there yet is retried with growing waits.
 *
 * @throws cannot connect (exit 7).
 */
export async function connect(config: ConnectionConfig, options: ConnectOptions): Promise<Client> {
  const start = monotonicMs();
  for (let backoffMs = firstWaitMs; ; backoffMs = Math.min(backoffMs * 2, longestWaitMs)) {
    options.signal.throwIfAborted();
    const leftMs = options.timeoutMs - (monotonicMs() - start);
    try {
      return await openConnection(
        config,
        Math.max(1_000, Math.min(config.connectionTimeoutMillis ?? attemptMs, leftMs)),
      );
    } catch (error) {
      const atLeastMs = isTransient(error) ? (retryDelay(error) ?? 0) : undefined;
      const waitMs = Math.max(backoffMs, atLeastMs ?? 0);
      if (atLeastMs === undefined || leftMs <= waitMs) {
        throw connectionError(error, config, atLeastMs === undefined ? undefined : options.timeoutMs);
      }
      options.onRetry(reasonOf(error), waitMs);
      await sleep(waitMs, options.signal);
    }
  }
}

/**
 * Opens one connection: a token is fetched when that is the password, and TLS is tried in the ways `sslmode` allows.
 *
 * @param timeoutMs longest wait for each answer.
 */
export async function openConnection(config: ConnectionConfig, timeoutMs: number): Promise<Client> {
  const { sslAttempts = [config.ssl], password, ...rest } = config;
  // Fetched before the server is asked, which would not wait for a slow endpoint.
  const secret = typeof password === "function" ? await password({ timeoutMs }) : password;
  for (const [index, ssl] of sslAttempts.entries()) {
    try {
      return await openOnce({ ...rest, ssl, password: secret }, timeoutMs);
    } catch (error) {
      if (index === sslAttempts.length - 1 || !mayFallBack(error)) {
        throw error;
      }
    }
  }
  throw new Error("there is no way to connect");
}

/** As in libpq, the other way is tried when this one is not spoken, fails in the handshake, or pg_hba.conf forbids it. */
function mayFallBack(error: unknown): boolean {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  return /does not support SSL/.test(message) || code === "28000" || /^(EPROTO|ERR_SSL|ERR_TLS)/.test(code);
}

async function openOnce(config: ConnectionConfig, timeoutMs: number): Promise<Client> {
  const begun = takeHeadStart(config);
  const stream = begun && (() => begun);
  const client = new Client({ ...config, stream, connectionTimeoutMillis: timeoutMs });
  noteWhatBroke(client);
  const assertWanted = config.sessionAttrs && hearSessionAttrs(client, config.sessionAttrs);
  try {
    await client.connect();
    await assertWanted?.();
    return client;
  } catch (error) {
    await close(client);
    throw error;
  }
}

/** Says goodbye, and does not wait for the server to hear it: it takes as long to close a connection as to check a gate. */
function leave(client: Client): void {
  client.end().catch(() => undefined);
  streamOf(client).unref();
}

/** Closes a connection, whatever state it is in. */
export async function close(client: Client): Promise<void> {
  const timer = setTimeout(() => cut(client), closeMs);
  await client.end().catch(() => undefined);
  clearTimeout(timer);
}

/** Cuts a connection from this side; whatever waits for its answer fails as with a connection that was lost. */
export function cut(client: Client): void {
  streamOf(client).destroy();
}

/** The socket below a connection. */
export function streamOf(client: Client): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}

/**
 * Waits for the answer to a statement that the server never takes long for, and cuts the connection when there is none:
 * a peer that fell silent would otherwise be waited for as long as the kernel sends again, a quarter of an hour.
 */
export async function answerWithin<T>(client: Client, ms: number, answer: Promise<T>): Promise<T> {
  const timer = setTimeout(() => cut(client), ms);
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
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
  return (
    retryDelay(error) !== undefined ||
    transientCodes.has(code ?? "") ||
    /timeout expired|Connection terminated/.test(message ?? "")
  );
}

/** Whether an error of pg says that the connection is gone, so that nothing more can be asked of it. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof SchemagateError) {
    return false;
  }
  const { code, message, severity } = error as { code?: string; message?: string; severity?: string };
  return (
    // The whole server goes down with it, whatever the code: a disk without room for its log, for one.
    severity === "PANIC" ||
    // 25P03, 25P04: the server ended a session whose transaction was idle, or went on, for too long.
    /^(08|57P0|25P0[34])/.test(code ?? "") ||
    ["ECONNRESET", "EPIPE", "ETIMEDOUT"].includes(code ?? "") ||
    /Connection terminated|Client was closed|not queryable|read ECONN/.test(message ?? "")
  );
}

function reasonOf(error: unknown): string {
  const { code = "", message } = error as { code?: string; message?: string };
  return redact(bounded([message || code || String(error), inWords[code]].filter(Boolean).join(", ")));
}

/** What the server's terse answers mean for somebody who waits. */
const inWords: Readonly<Record<string, string>> = {
  "57P03": "the server is starting, stopping or recovering",
  53300: "the server has no connection left",
};

/** What else is known of errors on the way in: by SQLSTATE or message. */
const remedies: readonly { readonly matches: RegExp; readonly code: string; readonly hint: string }[] = [
  {
    matches: /^28/,
    code: "authentication",
    hint: "Check user and password; for Entra, that the role exists and PGUSER names it.",
  },
  { matches: /^3D000/, code: "no-database", hint: "Create the database, or name another one." },
  {
    matches: /unsupported startup parameter/,
    code: "startup-parameter",
    hint:
      "A pooler sits between and does not know it: leave out PGOPTIONS and the URL's options, add the parameter to the " +
      "pooler's ignore_startup_parameters, or connect to the server itself.",
  },
  { matches: /does not support SSL/, code: "no-tls", hint: "Use sslmode=disable if the network between is trusted." },
  {
    matches: /certificate|CERT|altname/i,
    code: "tls",
    hint: "Name the certificate authorities with sslrootcert, or check the host name.",
  },
];

/** SQLSTATEs of a role that is not there, and of one that the login may not be. */
const roleStates = new Set(["22023", "42501"]);

function roleError(error: unknown, config: ConnectionConfig): SchemagateError {
  return usageError({
    code: "role",
    message: `${describeTarget(config)} cannot be the role "${config.role}": ${reasonOf(error)}`,
    hint: `Create the role, or GRANT it to "${config.user}"; or name another one with --role.`,
  });
}

const directHint = "sslnegotiation=direct needs PostgreSQL 17 or later: leave it out for an older server.";

/** Says that the database cannot be reached, where it was looked for, and what to check. */
export function connectionError(error: unknown, config: ConnectionConfig, waitedMs?: number): SchemagateError {
  const waited = waitedMs === undefined ? "" : ` after ${waitedMs / 1000} s of trying`;
  if (error instanceof SchemagateError) {
    return new SchemagateError({ ...optionsOf(error), message: `${error.message}${waited}` });
  }
  const { code = "" } = error as { code?: string };
  if (config.role !== undefined && roleStates.has(code)) {
    return roleError(error, config);
  }
  const remedy = remedyFor(code) ?? remedies.find(({ matches }) => matches.test(code) || matches.test(reasonOf(error)));
  return new SchemagateError({
    code: remedy?.code ?? "unreachable",
    message: `cannot connect to ${describeTarget(config)}${waited}: ${reasonOf(error)}`,
    hint:
      remedy?.hint ??
      (config.sslnegotiation === "direct" ? directHint : undefined) ??
      "Check host, port and network; wait longer with --connect-timeout SECONDS.",
    exitCode: exitCodes.connection,
    cause: error,
    details: "severity" in (error as object) ? { sqlState: code } : {},
  });
}

function optionsOf({ code, message, hint, exitCode, cause, problems, details }: SchemagateError) {
  return { code, message, hint, exitCode, cause, problems, details };
}

/** Says that an open connection broke. */
function connectionLost(error: unknown, config: ConnectionConfig): SchemagateError {
  const remedy = remedyFor((error as { code?: string }).code);
  return new SchemagateError({
    code: "connection-lost",
    message: `the connection to ${describeTarget(config)} was lost: ${reasonOf(error)}`,
    hint: `${remedy ? `${remedy.hint} Then run` : "Run"} it again: the ledger says what was committed, and a run looks there first.`,
    exitCode: exitCodes.connection,
    cause: error,
  });
}

/** Puts an error of an open connection into words; what is no error of connection or server is returned as it is. */
export function explainError(error: unknown, config: ConnectionConfig): unknown {
  return isConnectionLost(error) ? connectionLost(error, config) : refusedByServer(error);
}
