import type { Client } from "pg";
import type { Problem } from "../errors";

/** The part of a pg client that migrations may use. */
export type MigrationClient = Pick<Client, "query" | "escapeIdentifier" | "escapeLiteral">;

/** What a TypeScript or JavaScript migration is given. */
export interface MigrationContext {
  /** The connection that holds the lock; inside this migration's transaction unless it declared `transaction = false`. */
  readonly client: MigrationClient;
  /** Prints a line in the run's output. */
  readonly log: (message: string) => void;
}

export type MigrationFunction = (context: MigrationContext) => Promise<unknown>;

/** A key by which rows are walked in order: whatever JSON can hold. */
export type BatchKey = string | number | boolean | null | readonly BatchKey[];

/** A data migration in batches: each batch is a transaction of its own, and a killed run goes on behind the last one. */
export interface Batches<Key extends BatchKey = BatchKey> {
  /** Finds the next rows behind `last` in key order; an empty list ends the migration. */
  readonly next: (client: MigrationClient, last: Key | undefined) => Promise<readonly Key[]>;
  /** Changes the rows of one batch. */
  readonly apply: (client: MigrationClient, keys: readonly Key[]) => Promise<unknown>;
  /** Counts all rows, for the time left. @default unknown */
  readonly total?: (client: MigrationClient) => Promise<number>;
  /** Pause between two batches, in milliseconds, to leave room for traffic. @default 0 */
  readonly pauseMs?: number;
}

/** What a TypeScript or JavaScript migration exports: `up`, or `batches` for a data migration. */
export interface MigrationModule {
  /** Applies it. Not together with `batches`. */
  readonly up?: MigrationFunction;
  /** Reverts it. @default reverting is refused */
  readonly down?: MigrationFunction;
  /** Applies it in many transactions instead of one. @default none */
  readonly batches?: Batches;
  /** `false` runs the migration outside a transaction. @default true */
  readonly transaction?: boolean;
  /** Longest wait for a lock of a table, in milliseconds; 0 waits for ever. @default the run's */
  readonly lockTimeoutMs?: number;
  /** Longest duration of a statement, in milliseconds; 0 is without end. @default the run's */
  readonly statementTimeoutMs?: number;
}

/** PostgreSQL's guc.h: its timeouts are 32-bit numbers of milliseconds. */
const longestTimeoutMs = 2 ** 31 - 1;

/** Whether PostgreSQL takes a value for a timeout. */
export function isTimeout(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= longestTimeoutMs;
}

/** How a section runs; what is left out is the run's default. */
export interface SectionOptions {
  /** Whether it runs in one transaction together with its ledger row. */
  readonly transaction: boolean;
  /** In milliseconds; 0 waits for ever. */
  readonly lockTimeoutMs?: number;
  /** In milliseconds; 0 is without end. */
  readonly statementTimeoutMs?: number;
}

/** One direction of an SQL migration. */
export interface SqlSection extends SectionOptions {
  readonly sql: string;
  /** Line of the file on which `sql` begins, from 1: errors point into the file. */
  readonly firstLine: number;
  /** Path for messages, where the directions are files of their own. @default the migration's */
  readonly file?: string;
}

interface MigrationIdentity {
  /** `<version>_<slug>`, without extension: the identity in the ledger. */
  readonly name: string;
  /** Path for messages. */
  readonly file: string;
  /** `sha256:<hex>` of the source text. */
  readonly checksum: string;
  /** Checksums of the same text with other final newlines; computed when asked. @default none */
  readonly sameChecksums?: () => readonly string[];
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

/** Whether a checksum is that of a migration's text, whatever newlines it ends in: formatters add and remove them. */
export function hasChecksum({ checksum, sameChecksums }: MigrationIdentity, other: string): boolean {
  return other === checksum || (sameChecksums?.().includes(other) ?? false);
}

/** Runs before the first and after the last migration of an `up` that has something to do. */
export interface Hooks {
  readonly beforeAll?: Migration;
  readonly afterAll?: Migration;
}

/** The ordered set of migrations an image or a working copy carries. */
export interface Source {
  /** Where it was read. */
  readonly dir: string;
  /** Whether it was sealed at image build. */
  readonly sealed: boolean;
  /** In order of version. */
  readonly migrations: readonly Migration[];
  /** Views, functions and the like: applied behind the migrations whenever their text has changed. By name. */
  readonly repeatables: readonly Migration[];
  readonly hooks: Hooks;
  /** Everything wrong with the set; a set with problems is never applied. */
  readonly problems: readonly Problem[];
}

/** Orders migration names by the number they begin with, then by name. */
export function compareNames(a: string, b: string): number {
  const digits = countDigits(a);
  if (digits > 0 && digits === countDigits(b)) {
    return a < b ? -1 : a > b ? 1 : 0;
  }
  const [versionA, versionB] = [versionOf(a), versionOf(b)];
  if (versionA !== versionB) {
    return versionA < versionB ? -1 : 1;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

function countDigits(name: string): number {
  let count = 0;
  while (name.charCodeAt(count) >= 48 && name.charCodeAt(count) <= 57) {
    count += 1;
  }
  return count;
}

/** The number a migration's name begins with. A name without one (an adopted ledger may hold some) sorts first. */
export function versionOf(name: string): bigint {
  const digits = /^\d+/.exec(name);
  return digits ? BigInt(digits[0]) : -1n;
}
