import { hostname } from "node:os";
import type { ClientConfig } from "pg";
import { type Problem, usageError } from "../errors";
import { version } from "../version";
import { readUrl, type UrlParameters } from "./database-url";
import { entraPassword, type FetchLimits } from "./entra";
import { readParameters, refuseParameters } from "./parameters";
import type { SessionAttrs } from "./session-attrs";
import { type TlsConfig, tlsConfig } from "./tls";
import { judgeValues } from "./values";

export { isLocal } from "./tls";

/** Where the database is and how to log in; values as given, nothing resolved yet. */
export interface ConnectionSettings {
  /** `postgres://user:password@host:port/database?sslmode=…`; what it leaves out comes from the PG* variables. */
  readonly databaseUrl?: string;
  /** `password`, or `entra`: a Microsoft Entra token is the password. @default "password" */
  readonly auth: "password" | "entra";
  /** Role to be once logged in, as by SET ROLE. @default the login */
  readonly role?: string;
  /** PG* variables and, for Entra, AZURE_CLIENT_ID. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Variables that name a server; PGUSER or PGPASSWORD alone, as a shell profile may set them, do not. The last two are
 * refused: libpq would go where they say, so that nothing else may be taken instead.
 */
const namingVariables = ["PGHOST", "PGPORT", "PGDATABASE", "PGHOSTADDR", "PGSERVICE"] as const;

/** Whether anything names a database. */
export function namesDatabase({ databaseUrl, env }: Pick<ConnectionSettings, "databaseUrl" | "env">): boolean {
  return Boolean(databaseUrl) || namingVariables.some((name) => env[name]);
}

/** pg's configuration; what pg does not know of it is for the migrator's own connections. */
export interface ConnectionConfig extends ClientConfig, Pick<TlsConfig, "sslAttempts"> {
  readonly password?: string | ((limits?: FetchLimits) => string | Promise<string>);
  /** What the server must be. @default anything */
  readonly sessionAttrs?: SessionAttrs;
  /** Said in `options`, too. @default the login */
  readonly role?: string;
}

/** Seconds; off in pg by default, without which a dead peer holds the lock until the kernel gives up, hours later. */
const keepalivesIdle = "10";

/**
 * Turns settings into pg's configuration. TLS is verified against host name and certificate authorities
 * (`verify-full`) unless the server is on this machine or `sslmode` says otherwise. What libpq would obey is obeyed or
 * refused by name.
 *
 * @throws usage (exit 2) with every problem found.
 */
export function toClientConfig({ databaseUrl, auth, role, env }: ConnectionSettings): ConnectionConfig {
  const problems: Problem[] = [];
  const url: UrlParameters = databaseUrl ? readUrl(databaseUrl, problems) : new Map();
  const given = readParameters(url, env);
  problems.push(...refuseParameters(url, env), ...judgeValues(given, url));
  const { host = "localhost", port = "5432", user, keepalives_idle = keepalivesIdle } = given;
  if (!user && auth === "entra") {
    problems.push({
      code: "no-user",
      message: "Entra authentication needs the name of the database role, and nothing names it",
      hint: "Set PGUSER to the role that was created for the identity.",
    });
  }
  const tls = tlsConfig(given, host, problems);
  if (problems.length > 0) {
    throw usageError(problems);
  }
  return {
    host,
    port: Number(port),
    user,
    database: given.dbname ?? user,
    password: auth === "entra" ? entraPassword(env) : given.password,
    ...tls,
    ...optional({
      options: withRole(given.options, role),
      role,
      application_name: given.application_name ?? given.fallback_application_name,
      connectionTimeoutMillis: milliseconds(given.connect_timeout),
      sessionAttrs: given.target_session_attrs as SessionAttrs | undefined,
    }),
    keepAlive: given.keepalives !== "0",
    keepAliveInitialDelayMillis: Number(keepalives_idle) * 1_000,
  };
}

/** Configuration of a connection that tells the server who it is: what settings call it, or else this process. */
export function namedConfig(server: ConnectionSettings, env: ConnectionSettings["env"]): ConnectionConfig {
  const config = toClientConfig(server);
  return { ...config, application_name: config.application_name ?? applicationName(version, replicaName(env)) };
}

/** What identifies this process at the server: `schemagate/<version> <replica>`, cut to PostgreSQL's 63 bytes. */
export function applicationName(version: string, replica: string): string {
  return `schemagate/${version} ${replica}`.slice(0, 63);
}

/** The replica's name in Container Apps, else the host's. */
export function replicaName(env: Readonly<Record<string, string | undefined>>): string {
  return env.CONTAINER_APP_REPLICA_NAME || env.HOSTNAME || hostname();
}

/**
 * Said as the connection begins it costs no message, and is what every RESET ROLE goes back to. Options are parted by white
 * space, which a backslash escapes (libpq, "options").
 */
function withRole(options: string | undefined, role: string | undefined): string | undefined {
  const setting = role && `-c role=${role.replace(/[\\\s]/g, "\\$&")}`;
  return [options, setting].filter(Boolean).join(" ") || undefined;
}

function milliseconds(seconds: string | undefined): number | undefined {
  // To libpq nothing and less than it are no limit; a run has its own.
  return Number(seconds) > 0 ? Number(seconds) * 1_000 : undefined;
}

/** Without what is undefined, which would show in a configuration. */
function optional<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
