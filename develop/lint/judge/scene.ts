import type { Node } from "libpg-query";
import type { SqlSection } from "../../../migrator/source/migration";
import type { Remark } from "../finding";
import type { Schema } from "../schema";
import type { ParsedStatement } from "../statement";

/** What the statements before this one left behind in their section. */
export interface Memory {
  /** What locks block, by table: held until the transaction ends. */
  readonly locked: Map<string, "writes" | "reads and writes">;
  /** Enum values added in this transaction, with their type. */
  readonly enumValues: Map<string, string>;
}

/** A statement and what is known when it runs. */
export interface Scene {
  readonly statement: ParsedStatement;
  /** All statements of the section: some are judged by what follows them. */
  readonly statements: readonly ParsedStatement[];
  readonly section: SqlSection;
  /** The schema as the statements before left it. */
  readonly schema: Schema;
  readonly memory: Memory;
}

/** Judges one statement by some of the rules. */
export type Judge = (node: Node, scene: Scene) => Remark[];

/** The statements of the section behind this one. */
export function following({ statement, statements }: Scene): readonly ParsedStatement[] {
  return statements.slice(statements.indexOf(statement) + 1);
}
