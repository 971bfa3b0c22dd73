import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { ClientConfig } from "pg";
import { parse } from "pg-connection-string";
import { type Problem, usageError } from "../errors";
import { redact } from "../redact";
import { entraPassword } from "./entra";

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

/** TLS modes as libpq names them; its `allow` and `prefer` do not say whether a connection is encrypted. */
const sslModes = ["disable", "require", "verify-ca", "verify-full"] as const;

/**
 * Turns settings into pg's configuration. TLS is verified against host name and certificate authorities
 * (`verify-full`) unless the server is on this machine or `sslmode` says otherwise.
 *
 * @throws usage (exit 2) with every problem found.
 */
export function toClientConfig(settings: ConnectionSettings): ClientConfig {
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
  const ssl = tlsOptions(url.sslmode || env.PGSSLMODE, host, problems, url.sslrootcert || env.PGSSLROOTCERT);
  if (problems.length > 0) {
    throw usageError(problems);
  }
  return {
    host,
    port,
    user,
    database: url.database || env.PGDATABASE || user,
    password: settings.auth === "entra" ? () => entraPassword(env) : url.password || env.PGPASSWORD,
    ssl,
    // Off in pg by default; without it a dead peer holds the lock until the kernel gives up, hours later.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
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
  readonly sslmode?: string;
  readonly sslrootcert?: string;
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
    new URL(databaseUrl.replace(/@\//, "@localhost/"));
    // TLS is decided here, for URL and PG* variables alike; the library would read files and warn.
    const withoutTls = databaseUrl.replace(/([?&])(sslmode|sslrootcert)=[^&]*/g, "$1");
    const query = new URLSearchParams(databaseUrl.split("?")[1] ?? "");
    const { host, port, user, password, database } = parse(withoutTls);
    const sslmode = query.get("sslmode") ?? undefined;
    return { host, port, user, password, database, sslmode, sslrootcert: query.get("sslrootcert") ?? undefined };
  } catch (cause) {
    problems.push({
      code: "bad-url",
      message: `the database URL ${redact(databaseUrl)} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: "Write postgres://user@host:5432/database, special characters percent-encoded, and the password in PGPASSWORD.",
    });
    return {};
  }
}

function tlsOptions(mode: string | undefined, host: string, problems: Problem[], caFile?: string): ClientConfig["ssl"] {
  const sslMode = mode || (isLocal(host) ? "disable" : "verify-full");
  switch (sslMode as (typeof sslModes)[number]) {
    case "disable":
      return false;
    case "require":
      return { rejectUnauthorized: false };
    case "verify-ca":
      return { ...readCa(caFile, problems), checkServerIdentity: () => undefined };
    case "verify-full":
      return readCa(caFile, problems);
    default:
      problems.push({
        code: "bad-sslmode",
        message: `sslmode "${sslMode}" is not supported`,
        hint: `Choose one that says what you get: ${sslModes.join(", ")}.`,
      });
      return undefined;
  }
}

function readCa(file: string | undefined, problems: Problem[]): { ca?: string } {
  // Node's own store holds the roots Azure's servers are signed by; "system" is libpq's word for such a store.
  if (!file || file === "system") {
    return {};
  }
  try {
    return { ca: readFileSync(file, "utf8") };
  } catch (cause) {
    problems.push({
      code: "bad-ca",
      message: `the certificate authorities ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: "Mend sslrootcert or PGSSLROOTCERT, or leave it out to use the usual authorities.",
    });
    return {};
  }
}

/** A loopback address or a Unix socket: nothing leaves this machine. */
export function isLocal(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.") || host.startsWith("/");
}
