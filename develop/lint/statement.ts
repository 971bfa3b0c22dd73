import type { SqlSection } from "../../migrator/source/migration";
import { parseSql } from "../../migrator/source/parser";
import { textReader } from "../../migrator/source/statements";
import type { RawStatement, StatementNode } from "./tree";

/** One statement of a section with its syntax tree. */
export interface ParsedStatement {
  readonly node: StatementNode;
  readonly sql: string;
  /** Offset of the statement in its section, in UTF-16 units. */
  readonly offset: number;
  /** Where the text in front of it begins: comments and white space behind the statement before. */
  readonly leadingOffset: number;
}

/** A section's statements, or why it does not parse. */
export type ParsedSection =
  | { readonly statements: readonly ParsedStatement[] }
  | { readonly message: string; readonly offset: number };

/** Parses a section with PostgreSQL's own parser. */
export async function parseSection(section: SqlSection): Promise<ParsedSection> {
  let raw: readonly RawStatement[];
  try {
    raw = (await parseSql(section.sql)).stmts ?? [];
  } catch (cause) {
    const { message, sqlDetails } = cause as Error & { sqlDetails?: { cursorPosition?: number } };
    return { message, offset: sqlDetails?.cursorPosition ?? 0 };
  }
  const read = textReader(section);
  let end = 0;
  const statements = raw.flatMap((statement): ParsedStatement[] => {
    const { sql, offset } = read(statement);
    const leadingOffset = end;
    end = offset + sql.length;
    return statement.stmt ? [{ node: statement.stmt, sql, offset, leadingOffset }] : [];
  });
  return { statements };
}

/** UTF-16 units in the first bytes of a text: the parser and squawk count bytes. */
export function unitsOf(text: string, bytes: number): number {
  return Buffer.from(text).subarray(0, bytes).toString().length;
}
