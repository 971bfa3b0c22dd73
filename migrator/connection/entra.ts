import { exitCodes, SchemagateError } from "../errors";
import { redact } from "../redact";
import type { Environment } from "../settings/read-options";
import type { Credential } from "./credential";
import { hasIdentityEndpoint, managedIdentity } from "./managed-identity";
import { retryable } from "./retryable";

/** Scope of tokens for Azure Database for PostgreSQL. */
const scope = "https://ossrdbms-aad.database.windows.net/.default";

/** Longest wait for one answer; a container's endpoint is on the same machine. */
const answerMs = 10_000;

/** Bounds of one fetch. pg calls without them; what it passes instead has no field of that name. */
export interface FetchLimits {
  /** @default 10 s */
  readonly timeoutMs?: number;
}

/**
 * Makes a function that fetches a Microsoft Entra token to use as password. It is called for each new connection; the
 * token is needed only while the connection opens.
 */
export function entraPassword(env: Environment): (limits?: FetchLimits) => Promise<string> {
  let credential: Credential | undefined;
  return async (limits) => {
    credential ??= await createCredential(env);
    return fetchToken(credential, limits?.timeoutMs ?? answerMs, env);
  };
}

async function createCredential(env: Environment): Promise<Credential> {
  if (hasIdentityEndpoint(env)) {
    return managedIdentity(env);
  }
  // Loaded on first use: neither a password nor a container needs Azure's library.
  const { createCredential: create } = await import("./entra-credential");
  return create(env);
}

/** @throws cannot connect (exit 7); marked as worth another try when the endpoint is late, busy or broken. */
async function fetchToken(given: Credential, timeoutMs: number, env: Environment): Promise<string> {
  const { credential, exchange } = given;
  Object.assign(exchange ?? {}, { timeoutMs, status: undefined, retryAfter: undefined });
  try {
    const token = await credential.getToken(scope);
    if (!token?.token) {
      throw new Error("the answer holds no token");
    }
    return token.token;
  } catch (cause) {
    const error = new SchemagateError({
      code: "no-token",
      message: `no Entra token for PostgreSQL: ${reason(given, cause)}`,
      hint: hint(env),
      exitCode: exitCodes.connection,
      cause,
      details: exchange?.status ? { status: exchange.status } : {},
    });
    throw exchange && isPassing(exchange.status) ? retryable(error, retryAfterMs(exchange.retryAfter)) : error;
  }
}

/** No answer at all, or a status that the endpoint gives while it starts, is busy or broken. */
function isPassing(status: number | undefined): boolean {
  return status === undefined || [404, 408, 410, 429].includes(status) || status >= 500;
}

function reason({ source, exchange }: Credential, cause: unknown): string {
  if (exchange && isPassing(exchange.status)) {
    return exchange.status ? `${source} answers with status ${exchange.status}` : `${source} does not answer`;
  }
  return `${source} says: ${redact(cause instanceof Error ? cause.message : String(cause))}`;
}

/** RFC 9110, 10.2.3: seconds or a date. */
function retryAfterMs(header: string | null | undefined): number {
  if (!header) {
    return 0;
  }
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1_000;
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

function hint(env: Environment): string {
  if (env.IDENTITY_ENDPOINT) {
    return "Check that the app runs on a Consumption profile and that AZURE_CLIENT_ID names an identity assigned to it.";
  }
  if (env.AZURE_TENANT_ID && env.AZURE_CLIENT_ID) {
    return "Check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or unset them to use the Azure CLI.";
  }
  return "Run `az login`, or set DATABASE_AUTH=password and a password.";
}
