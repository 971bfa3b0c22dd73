import type { Client } from "pg";
import type { Problem } from "../errors";

/** A table of another tool, found in the database. */
export interface ForeignTable {
  /** With its schema, for messages: `public.schema_migrations`. */
  readonly label: string;
  /** With its schema, quoted, for statements. */
  readonly sql: string;
  readonly schema: string;
  readonly name: string;
  readonly columns: ReadonlySet<string>;
}

/** One migration that another tool applied. */
export interface AppliedThere {
  /** What that tool calls it: a version, a file name, a hash. */
  readonly id: string;
  /** When, where the tool recorded it. */
  readonly appliedAt?: Date;
  /** What it does, in that tool's words; compared with our slugs. @default the id without its number */
  readonly description?: string;
  /** Stands for everything older, too: a baseline, or the only version that the tool keeps. */
  readonly coversOlder?: boolean;
}

/** What another tool says was applied. */
export interface ForeignLedger {
  /** In the order of application, as far as the tool knows it. */
  readonly applied: readonly AppliedThere[];
  /** Why this state cannot be taken over. */
  readonly problems: readonly Problem[];
  /** What is left out, and why; for the reader of the mapping. @default none */
  readonly notes?: readonly string[];
  /** The list is complete and in the only order there is, so that places may be counted. @default false */
  readonly countable?: boolean;
}

/** Files that explain a tool's table. */
export interface ReadOptions {
  /** Alembic's directory of versions. */
  readonly versions?: string;
  /** Drizzle's journal. */
  readonly journal?: string;
  /** Everything up to a migration is said to be applied, so that such files are not needed. */
  readonly told: boolean;
}

/** Knows the table of one tool. */
export interface Tool {
  /** Name of its table, as that tool makes it. */
  readonly table: string;
  /** Columns by which its table is known. */
  readonly columns: readonly string[];
  /** Columns that only another tool's table of the same name has. @default none */
  readonly foreignColumns?: Readonly<Record<string, string>>;
  /** Reads the table, without a lock and without writing. */
  readonly read: (client: Pick<Client, "query">, table: ForeignTable, options: ReadOptions) => Promise<ForeignLedger>;
}
