import type { DatabaseError } from "pg";
import { excerptOf } from "../excerpt";
import type { Migration, SqlSection } from "../source/migration";

/** Where and why a statement failed, ready to print. */
export interface SqlFailure {
  /** `file:line:column`, or the file when the server named no position. */
  readonly location: string;
  readonly message: string;
  readonly sqlState?: string;
  readonly detail?: string;
  readonly hint?: string;
  /** The line of the file with a caret below the place; of a long one what stands around it. */
  readonly excerpt?: string;
}

/**
 * Describes a server error in terms of the migration's file.
 *
 * @param section the section that ran, when it was SQL.
 * @param offset where the failed statement begins in the section, in UTF-16 units, when that is known.
 */
export function describeSqlError(
  error: unknown,
  migration: Migration,
  section?: SqlSection,
  offset?: number,
): SqlFailure {
  const { message, code, detail, hint, position } = error as Partial<DatabaseError>;
  const failure = { message: message ?? String(error), sqlState: code, detail, hint };
  if (!section || (position === undefined && offset === undefined)) {
    return { ...failure, location: section?.file ?? migration.file };
  }
  const { line, column, text } = locate(section.sql, offset ?? 0, Number(position ?? 1));
  const fileLine = section.firstLine + line - 1;
  return {
    ...failure,
    location: `${section.file ?? migration.file}:${fileLine}:${column}`,
    excerpt: excerptOf(text, fileLine, column),
  };
}

/** PostgreSQL counts positions in characters from 1; JavaScript counts UTF-16 units. */
function locate(sql: string, offset: number, position: number) {
  // A character takes two units at most; a text may be too long to be taken apart as a whole.
  const near = sql.slice(offset, offset + 2 * position);
  const before = sql.slice(0, offset) + [...near].slice(0, position - 1).join("");
  const lines = before.split("\n");
  const lineStart = before.lastIndexOf("\n") + 1;
  const lineEnd = sql.indexOf("\n", before.length);
  return {
    line: lines.length,
    column: before.length - lineStart + 1,
    text: sql.slice(lineStart, lineEnd === -1 ? undefined : lineEnd),
  };
}
