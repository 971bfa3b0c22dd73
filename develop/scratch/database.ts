import type { Client } from "pg";
import type { ConnectionConfig } from "../../migrator/connection/config";

/** A database to be thrown away. */
export interface ScratchDatabase {
  /** `schemagate_scratch_<label>_<random>`. */
  readonly name: string;
  readonly config: ConnectionConfig;
  /** Whether its server is one's own, so that migrations may change roles and the like. */
  readonly ownServer: boolean;
  /** What the target has that no migration made; see layGround. */
  readonly ground: Ground;
  /** Opens a connection for as long as `body` runs; an interrupt cancels its statements on the server. */
  readonly connect: <T>(body: (client: Client) => Promise<T>) => Promise<T>;
  /**
   * As `connect`, but on a connection that is kept until the database is copied or dropped: for what comes again and
   * again, and leaves the session as it found it.
   */
  readonly use: <T>(body: (client: Client) => Promise<T>) => Promise<T>;
  /** Drops it now rather than at the end. */
  readonly drop: () => Promise<void>;
}

/** Makes scratch databases; all of them are dropped in the end. */
export interface Scratch {
  /**
   * Makes an empty database, from the server's default template.
   *
   * @param label short word for its name.
   * @throws usage (exit 2) when the role may not make databases.
   */
  readonly create: (label: string) => Promise<ScratchDatabase>;
  /** Makes a copy of one of them: nobody may be connected to it meanwhile. */
  readonly copy: (of: ScratchDatabase, label: string) => Promise<ScratchDatabase>;
}

/**
 * What migrations find in a database that they did not make: where unqualified names go, and what somebody set up
 * around it, `bootstrap` say.
 */
export interface Ground {
  /** Of the role that migrates, where it is set for this database alone. */
  readonly searchPath?: string;
  /** Schemas on that path. */
  readonly schemas: readonly string[];
  /** Privileges on them. */
  readonly grants: readonly (Grant & { readonly schema: string })[];
  /** Privileges on what the role that migrates will make. */
  readonly defaults: readonly (Grant & { readonly schema: string | null; readonly on: string })[];
}

/** A privilege that somebody has. */
export interface Grant {
  readonly privilege: string;
  /** `null`: everybody. */
  readonly grantee: string | null;
  readonly grantable: boolean;
}
