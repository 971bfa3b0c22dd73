import { hostname } from "node:os";
import type { ClientConfig } from "pg";
import { parse } from "pg-connection-string";
import { type Problem, usageError } from "../errors";
import { redact } from "../redact";
import { version } from "../version";
import { entraPassword, type FetchLimits } from "./entra";
import { type TlsConfig, type TlsParameters, tlsConfig } from "./tls";

export { isLocal } from "./tls";

/** Where the database is and how to log in; values as given, nothing resolved yet. */
export interface ConnectionSettings {
  /** `postgres://user:password@host:port/database?sslmode=…`; what it leaves out comes from the PG* variables. */
  readonly databaseUrl?: string;
  /** `password`, or `entra`: a Microsoft Entra token is the password. @default "password" */
  readonly auth: "password" | "entra";
  /** PG* variables and, for Entra, AZURE_CLIENT_ID. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Variables that name a server; PGUSER or PGPASSWORD alone, as a shell profile may set them, do not. */
const namingVariables = ["PGHOST", "PGPORT", "PGDATABASE"] as const;

/** Whether anything names a database. */
export function namesDatabase({ databaseUrl, env }: Pick<ConnectionSettings, "databaseUrl" | "env">): boolean {
  return Boolean(databaseUrl) || namingVariables.some((name) => env[name]);
}

/** pg's configuration; what pg does not know of it is for the migrator's own connections. */
export interface ConnectionConfig extends ClientConfig, Pick<TlsConfig, "sslAttempts"> {
  readonly password?: string | ((limits?: FetchLimits) => string | Promise<string>);
}

/**
 * Turns settings into pg's configuration. TLS is verified against host name and certificate authorities
 * (`verify-full`) unless the server is on this machine or `sslmode` says otherwise.
 *
 * @throws usage (exit 2) with every problem found.
 */
export function toClientConfig(settings: ConnectionSettings): ConnectionConfig {
  const problems: Problem[] = [];
  const { env } = settings;
  const url = parseUrl(settings.databaseUrl, problems);
  const host = url.host || env.PGHOST || "localhost";
  const port = Number(url.port || env.PGPORT || 5432);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    problems.push({ code: "bad-port", message: `the port "${url.port || env.PGPORT}" is no number from 1 to 65535` });
  }
  const user = url.user || env.PGUSER;
  if (!user && settings.auth === "entra") {
    problems.push({
      code: "no-user",
      message: "Entra authentication needs the name of the database role, and nothing names it",
      hint: "Set PGUSER to the role that was created for the identity.",
    });
  }
  const tls = tlsConfig(tlsParameters(url.query, env), host, problems);
  if (problems.length > 0) {
    throw usageError(problems);
  }
  return {
    host,
    port,
    user,
    database: url.database || env.PGDATABASE || user,
    password: settings.auth === "entra" ? entraPassword(env) : url.password || env.PGPASSWORD,
    ...tls,
    // Off in pg by default; without it a dead peer holds the lock until the kernel gives up, hours later.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
}

/** Configuration of a connection that tells the server who it is. */
export function namedConfig(server: ConnectionSettings, env: ConnectionSettings["env"]): ConnectionConfig {
  return { ...toClientConfig(server), application_name: applicationName(version, replicaName(env)) };
}

/** What identifies this process at the server: `schemagate/<version> <replica>`, cut to PostgreSQL's 63 bytes. */
export function applicationName(version: string, replica: string): string {
  return `schemagate/${version} ${replica}`.slice(0, 63);
}

/** The replica's name in Container Apps, else the host's. */
export function replicaName(env: Readonly<Record<string, string | undefined>>): string {
  return env.CONTAINER_APP_REPLICA_NAME || env.HOSTNAME || hostname();
}

interface UrlParts {
  readonly host?: string | null;
  readonly port?: string | null;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string | null;
  readonly query?: URLSearchParams;
}

const tlsNames = ["sslmode", "sslrootcert", "sslcert", "sslkey", "sslnegotiation"] as const;

const tlsParameter = /([?&])(sslmode|sslrootcert|sslcert|sslkey|sslnegotiation)=[^&]*/g;

function tlsParameters(query: URLSearchParams | undefined, env: ConnectionSettings["env"]): TlsParameters {
  return Object.fromEntries(tlsNames.map((name) => [name, query?.get(name) || env[`PG${name.toUpperCase()}`]]));
}

function parseUrl(databaseUrl: string | undefined, problems: Problem[]): UrlParts {
  if (!databaseUrl) {
    return {};
  }
  try {
    if (!/^postgres(ql)?:\/\//.test(databaseUrl)) {
      throw new Error("it does not begin with postgres://");
    }
    // The library takes a host it cannot read for none, and would connect to this machine. No host at all is fine.
    const { searchParams } = new URL(databaseUrl.replace(/@\//, "@localhost/"));
    // TLS is decided here, for URL and PG* variables alike; the library would read files and warn.
    const withoutTls = databaseUrl.replace(tlsParameter, "$1");
    const { host, port, user, password, database } = parse(withoutTls);
    return { host, port, user, password, database, query: searchParams };
  } catch (cause) {
    problems.push({
      code: "bad-url",
      message: `the database URL ${redact(databaseUrl)} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: "Write postgres://user@host:5432/database, special characters percent-encoded, and the password in PGPASSWORD.",
    });
    return {};
  }
}
