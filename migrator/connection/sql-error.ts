import type { DatabaseError } from "pg";
import { excerptOf } from "../excerpt";
import type { Migration, SqlSection } from "../source/migration";

/** What the server says of an error beside its message; names are those of PostgreSQL's protocol where it has them. */
export interface ServerFacts {
  readonly sqlState?: string;
  readonly detail?: string;
  readonly hint?: string;
  /** In which function, at which line, called by what: from the inside out. */
  readonly context?: string;
  /** The statement of a function that failed. */
  readonly internalQuery?: string;
  /** Its line with a caret below the place. */
  readonly internalExcerpt?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly dataType?: string;
  readonly constraint?: string;
}

/** Where and why a statement failed, ready to print. */
export interface SqlFailure extends ServerFacts {
  /** `file:line:column`, or the file when the server named no position. */
  readonly location: string;
  readonly message: string;
  /** The line of the file with a caret below the place; of a long one what stands around it. */
  readonly excerpt?: string;
}

/** What the server says of an error beside its message. */
export function serverFacts(error: unknown): ServerFacts {
  const { code, detail, hint, where, internalQuery, internalPosition, ...more } =
    serverErrorIn(error) ?? asServerError(error);
  const sqlState = isSqlState(code) ? code : undefined;
  const { schema, table, column, dataType, constraint } = more;
  return {
    ...{ sqlState, detail, hint, context: where, internalQuery },
    internalExcerpt: internalQuery && internalPosition ? excerptIn(internalQuery, Number(internalPosition)) : undefined,
    ...{ schema, table, column, dataType, constraint },
  };
}

/** As deep as an error is looked into for what caused it. */
const deepest = 5;

/** The server's error, which code may have wrapped: `new Error("importing", { cause })`. */
function serverErrorIn(error: unknown, depth = 0): Partial<DatabaseError> | undefined {
  const { code, severity } = asServerError(error);
  if (severity !== undefined && isSqlState(code)) {
    return asServerError(error);
  }
  const { cause } = (error ?? {}) as { cause?: unknown };
  return cause === undefined || depth === deepest ? undefined : serverErrorIn(cause, depth + 1);
}

function asServerError(error: unknown): Partial<DatabaseError> {
  return (error ?? {}) as Partial<DatabaseError>;
}

/** What an error says, and what the server's error says that it was made of. */
function messageOf(error: unknown): string {
  const message = asServerError(error).message ?? String(error);
  const inner = serverErrorIn(error)?.message;
  return inner === undefined || message.includes(inner) ? message : `${message}: ${inner}`;
}

/** Whether a code is one of the server's: those of the system are words, of which some are as long (EPIPE). */
export function isSqlState(code: string | undefined): code is string {
  return code !== undefined && /^(?!E[A-Z]{4})[0-9A-Z]{5}$/.test(code);
}

function excerptIn(sql: string, position: number): string {
  const { line, column, text } = locate(sql, 0, position);
  return excerptOf(text, line, column);
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
  const { position } = asServerError(error);
  const failure = { message: messageOf(error), ...serverFacts(error) };
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
