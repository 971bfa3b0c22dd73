import { join } from "node:path";
import { type ConnectionSettings, isLocal, namesDatabase } from "../../migrator/connection/config";
import { type DatabaseOptions, withEmbedded } from "../../migrator/run/session";
import type { Environment } from "../../migrator/settings";
import type { Ground } from "./database";

/** Where scratch databases live: what names the target, and `--scratch-url`. */
export interface ScratchOptions extends Omit<DatabaseOptions, "ledgerSchema"> {
  /** URL of a server of one's own, or `embedded`. @default beside the target */
  readonly scratchUrl?: string;
  /** What migrations are to find. @default as in the target, where scratch databases are beside it */
  readonly ground?: Ground;
}

/**
 * Whether the server of the scratch databases is one's own: the embedded PostgreSQL, or one that was given for this
 * purpose. Elsewhere a statement about roles or about the whole server would change what the target lives on.
 */
export function isOwnServer({ scratchUrl, databaseUrl }: ScratchOptions, env: Environment): boolean {
  return Boolean(scratchUrl) || !namesDatabase({ databaseUrl, env });
}

/**
 * Whether that is the embedded PostgreSQL: a cluster of its own beside the one with the data, so that roles and settings
 * there are nobody else's.
 */
export function isEmbedded({ scratchUrl, databaseUrl }: ScratchOptions, env: Environment): boolean {
  return scratchUrl ? scratchUrl === "embedded" : !namesDatabase({ databaseUrl, env });
}

/** Runs `use` with the server of the scratch databases. The embedded one runs for as long as that. */
export function withScratchServer<T>(
  options: ScratchOptions,
  env: Environment,
  use: (server: ConnectionSettings) => Promise<T>,
): Promise<T> {
  const { scratchUrl, databaseUrl, auth, dataDir } = options;
  if (isEmbedded(options, env)) {
    return withEmbedded(join(dataDir, "scratch"), env, use);
  }
  return use(
    scratchUrl ? { databaseUrl: scratchUrl, auth: authOf(scratchUrl, auth), env } : { databaseUrl, auth, env },
  );
}

/** A token is for the target's cloud: a URL with a password, or a server on this machine, has no use for it. */
function authOf(url: string, auth: ScratchOptions["auth"]): ScratchOptions["auth"] {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const { hostname = "", password, searchParams } = parsed ?? {};
  const isLocalHost = isLocal(searchParams?.get("host") ?? hostname);
  return password || searchParams?.get("password") || isLocalHost ? "password" : auth;
}
