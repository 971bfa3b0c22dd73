import { checkServerIdentity, TLSSocket } from "node:tls";
import type { Client } from "pg";
import { assertOwnBackend } from "../connection/pooler";
import { isPooled } from "../connection/pooler-warning";
import { isLocal } from "../connection/tls";
import { SchemagateError } from "../errors";
import { type Check, checksOf } from "./check";

/** Oldest server that schemagate is tested with: also the oldest that PostgreSQL and Azure still support. */
const oldestVersion = 14;

const { ok, warning, problem } = checksOf("connection");

export interface ConnectionFacts {
  readonly database: string;
  readonly host: string;
  readonly port: number;
  readonly role: string;
  readonly auth: "password" | "entra";
  /** As `SHOW server_version` prints it. */
  readonly serverVersion: string;
  /** `170002` for 17.2. */
  readonly serverVersionNumber: number;
  /** Absent when nothing is encrypted. */
  readonly tls?: TlsFacts;
}

export interface TlsFacts {
  /** `TLSv1.3`. */
  readonly protocol: string;
  /** Why the certificate was not verified; absent when authority and host name were. */
  readonly unverified?: string;
}

/** Reads where the connection goes and how it is protected. */
export async function readConnection(client: Client, auth: "password" | "entra"): Promise<ConnectionFacts> {
  const { rows } = await client.query(
    `SELECT current_database() AS database, current_user AS role, current_setting('server_version') AS version,
            current_setting('server_version_num')::integer AS number`,
  );
  const { database, role, version, number } = rows[0];
  const { host, port } = client;
  const tls = readTls(client);
  return { database, role, host, port, auth, serverVersion: version, serverVersionNumber: number, tls };
}

function readTls(client: Client): TlsFacts | undefined {
  const { stream } = (client as unknown as { connection: { stream: unknown } }).connection;
  if (!(stream instanceof TLSSocket)) {
    return undefined;
  }
  // What the settings let pass (sslmode=require) says nothing about what was found: ask once more.
  const wrongName = checkServerIdentity(client.host, stream.getPeerCertificate());
  const unverified = stream.authorized ? wrongName?.message : String(stream.authorizationError);
  return { protocol: stream.getProtocol() ?? "TLS", unverified };
}

/** Judges the connection. */
export function judgeConnection(facts: ConnectionFacts): Check[] {
  return [judgeTarget(facts), judgeVersion(facts), judgeTls(facts)];
}

function judgeTarget({ database, host, port, role, auth }: ConnectionFacts): Check {
  const how = auth === "entra" ? "with a Microsoft Entra token" : "with a password, or what the server takes instead";
  return ok("connected", `database "${database}" at ${host}:${port} as "${role}", ${how}`);
}

function judgeVersion({ serverVersion, serverVersionNumber }: ConnectionFacts): Check {
  const major = Math.floor(serverVersionNumber / 10_000);
  return major >= oldestVersion
    ? ok("server-version", `PostgreSQL ${serverVersion}`)
    : problem({
        code: "server-version",
        message: `the server is PostgreSQL ${serverVersion}, older than ${oldestVersion}`,
        hint: `Upgrade it: schemagate is made for PostgreSQL ${oldestVersion} and later.`,
      });
}

function judgeTls({ tls, host }: ConnectionFacts): Check {
  if (!tls) {
    return isLocal(host)
      ? ok("tls", "not encrypted, and nothing leaves this machine")
      : warning("tls", `nothing is encrypted on the way to ${host}`, "Use sslmode=verify-full, which is the default.");
  }
  return tls.unverified
    ? warning(
        "tls",
        `${tls.protocol}, but the server has not proved that it is ${host}: ${tls.unverified}`,
        "Use sslmode=verify-full; name the certificate authorities with sslrootcert when they are your own.",
      )
    : ok("tls", `${tls.protocol}, certificate and host name verified`);
}

/** What sits between client and server: nothing, or a pooler, which may be one that the migration lock cannot live with. */
export interface PoolerFacts {
  readonly between: boolean;
  /** Why `up` would refuse it. */
  readonly refused?: SchemagateError;
}

/** Looks for a pooler in between, as `up` does. */
export async function readPooler(client: Client): Promise<PoolerFacts> {
  const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
  const between = isPooled(client, rows[0].pid);
  try {
    await assertOwnBackend(client, rows[0].pid);
    return { between };
  } catch (error) {
    if (error instanceof SchemagateError) {
      return { between, refused: error };
    }
    throw error;
  }
}

/** Judges what is between client and server. */
export function judgePooler({ between, refused }: PoolerFacts): Check {
  if (refused) {
    return problem(refused, refused.exitCode);
  }
  return between
    ? warning(
        "pooler",
        "a pooler sits between; it is in session mode, which keeps the migration lock",
        "Better connect to the server itself (port 5432): a pooler may end or share connections as it is configured.",
      )
    : ok("pooler", "no pooler in between");
}
