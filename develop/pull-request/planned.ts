import type { Finding } from "../lint/finding";
import type { VerifiedMigration } from "../verify/finding";

/** What a lock makes wait, in words. */
export type Blocked = "reads, writes, DDL" | "writes, DDL" | "DDL";

/** A lock that a statement took on something that was there before its migration. */
export interface SeenLock {
  /** `public.orders` */
  readonly table: string;
  /** As pg_locks names it: `AccessExclusiveLock`. */
  readonly mode: string;
  readonly blocks: Blocked;
}

/** A table or index whose file a statement replaced. */
export interface SeenRewrite {
  readonly table: string;
  readonly what: "table" | "index";
}

/** What one statement was seen to do on the scratch database. */
export interface Observed {
  /** New or stronger than what the transaction held already; strongest first. */
  readonly locks: readonly SeenLock[];
  readonly rewrites: readonly SeenRewrite[];
}

export interface PlannedStatement extends Observed {
  readonly sql: string;
  /** Line of the file on which it begins, from 1. */
  readonly line: number;
}

/** Size of a table in the target. */
export interface TableSize {
  /** Estimated by the last ANALYZE; absent before the first one. */
  readonly rows?: number;
  /** With indexes and TOAST. */
  readonly bytes: number;
}

/** A migration that a release brings, and what it will do. */
export interface PlannedMigration {
  readonly name: string;
  readonly file: string;
  readonly kind: "sql" | "module";
  /** Whether all of it is one transaction, which holds its locks to its end. */
  readonly transaction: boolean;
  /** Empty for a migration in code: of that only the whole is observed. */
  readonly statements: readonly PlannedStatement[];
  /** Of the whole: each table's strongest lock, and all rewrites. */
  readonly whole: Observed;
  readonly findings: readonly Finding[];
  readonly proof?: VerifiedMigration;
}

/** What a release brings. */
export interface PullRequestPlan {
  readonly migrations: readonly PlannedMigration[];
  /** Names of repeatable objects that are applied anew. */
  readonly repeatables: readonly string[];
  /** Sizes of the tables that are locked or written anew, by name; empty without a target. */
  readonly sizes: Readonly<Record<string, TableSize>>;
}
