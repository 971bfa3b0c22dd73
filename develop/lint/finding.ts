import type { Level } from "./rule";
import type { RuleName } from "./rules";

/** A place in a file; lines and columns count from 1, columns in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** Last line of the statement. */
  readonly endLine: number;
  /** Column behind its last character. */
  readonly endColumn: number;
}

/** Something in a migration that would hurt. */
export interface Finding extends Place {
  readonly rule: RuleName;
  readonly level: Level;
  /** Name of the migration; of a repeatable object or a hook with its folder. */
  readonly migration: string;
  readonly file: string;
  /** What was found, with names. */
  readonly what: string;
  readonly why: string;
  readonly instead: string;
  /** The line, numbered, with a caret below the place. */
  readonly excerpt: string;
  /** Which engine saw it: our rules, or squawk where they saw nothing. */
  readonly engine: "schemagate" | "squawk";
}

/** What a rule says about a statement, before it is put into words for a file. */
export interface Remark {
  readonly rule: RuleName;
  /** What was found, with names. */
  readonly what: string;
  /** @default the rule's */
  readonly why?: string;
  /** @default the rule's */
  readonly instead?: string;
  /** Byte of the section at which the parser saw it. @default where the statement begins */
  readonly at?: number;
}
