import type { Environment } from "../../migrator/settings";

/** What the schema should be, as one adapter says it in DDL. */
export interface ModelSource {
  /** Name of the adapter: `drizzle`, `sql`. */
  readonly kind: string;
  /** What it was read from, for messages. */
  readonly path: string;
  readonly statements: readonly ModelSql[];
}

/** One statement. */
export interface ModelSql {
  readonly sql: string;
  /** Path for messages. */
  readonly file: string;
  /** Line of the file on which the statement begins, from 1; of a generated one, always 1. */
  readonly firstLine: number;
  /** What stands in front of the statement on that line. @default "" */
  readonly linePrefix?: string;
  /** Whether a tool wrote it, so that the file has no such line. @default false */
  readonly generated?: boolean;
  /** Whether it sets a parameter of the session, which counts for the statements behind it in the same file. @default false */
  readonly setsSession?: boolean;
  /** Whether it creates a role, which belongs to the server and not to the database. @default false */
  readonly createsRole?: boolean;
  /** Name of the object that it creates, without its schema. @default unknown */
  readonly creates?: string;
}

export interface LoadOptions {
  /** Ends what is under way; its reason is thrown. */
  readonly signal: AbortSignal;
  /** Environment of the run; modules get the harmless part of it. */
  readonly env: Environment;
  /** Names of variables that modules get besides. @default none */
  readonly passEnv?: readonly string[];
  /** How drizzle names columns that have no name of their own. @default as the property is called */
  readonly casing?: "snake_case" | "camelCase";
  /** How long the modules may take to load, in milliseconds. @default 60000 */
  readonly timeoutMs?: number;
}

/** Produces DDL of models of one kind. It has no other duty: what the DDL is for is nothing it knows. */
export interface ModelAdapter {
  /** Prefix that names it: `drizzle:app/models.txt`. */
  readonly kind: string;
  /** What it reads, in a few words. */
  readonly about: string;
  /** Whether a path without prefix is one of its own. */
  readonly recognises: (path: string, isDirectory: boolean) => boolean;
  /**
   * @param paths all paths of this kind; they exist.
   * @throws usage (exit 2) saying what is wrong with them; the signal's reason.
   */
  readonly load: (paths: readonly string[], options: LoadOptions) => Promise<ModelSource[]>;
}
