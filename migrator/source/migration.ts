import type { Client } from "pg";
import type { Problem } from "../errors";

/** What a TypeScript or JavaScript migration is given. */
export interface MigrationContext {
  /** The connection that holds the lock; inside this migration's transaction unless it declared `transaction = false`. */
  readonly client: Pick<Client, "query" | "escapeIdentifier" | "escapeLiteral">;
  /** Prints a line in the run's output. */
  readonly log: (message: string) => void;
}

export type MigrationFunction = (context: MigrationContext) => Promise<unknown>;

/** What a TypeScript or JavaScript migration exports. */
export interface MigrationModule {
  readonly up: MigrationFunction;
  readonly down?: MigrationFunction;
  /** `false` runs the migration outside a transaction. @default true */
  readonly transaction?: boolean;
}

/** One direction of an SQL migration. */
export interface SqlSection {
  readonly sql: string;
  /** Line of the file on which `sql` begins, from 1: errors point into the file. */
  readonly firstLine: number;
  /** Whether the section runs in one transaction together with its ledger row. */
  readonly transaction: boolean;
}

interface MigrationIdentity {
  /** `<version>_<slug>`, without extension: the identity in the ledger. */
  readonly name: string;
  /** Path for messages. */
  readonly file: string;
  /** `sha256:<hex>` of the source text. */
  readonly checksum: string;
}

export interface SqlMigration extends MigrationIdentity {
  readonly kind: "sql";
  readonly up: SqlSection;
  readonly down?: SqlSection;
}

export interface ModuleMigration extends MigrationIdentity {
  readonly kind: "module";
  /** Runs the file's top level; done only when the migration itself is about to run. */
  readonly load: () => Promise<MigrationModule>;
}

export type Migration = SqlMigration | ModuleMigration;

/** The ordered set of migrations an image or a working copy carries. */
export interface Source {
  /** Where it was read. */
  readonly dir: string;
  /** Whether it was sealed at image build. */
  readonly sealed: boolean;
  /** In order of version. */
  readonly migrations: readonly Migration[];
  /** Everything wrong with the set; a set with problems is never applied. */
  readonly problems: readonly Problem[];
}

/** Orders migration names by the number they begin with, then by name. */
export function compareNames(a: string, b: string): number {
  const [versionA, versionB] = [versionOf(a), versionOf(b)];
  if (versionA !== versionB) {
    return versionA < versionB ? -1 : 1;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The number a migration's name begins with. A name without one (an adopted ledger may hold some) sorts first. */
export function versionOf(name: string): bigint {
  const digits = /^\d+/.exec(name);
  return digits ? BigInt(digits[0]) : -1n;
}
