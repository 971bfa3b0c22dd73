import type { ParseResult } from "libpg-query";
import { refusal } from "../errors";
import { blankLength } from "./blank";
import type { SqlMigration, SqlSection } from "./migration";
import { type Online, onlineOf, type SyntaxNode } from "./online";
import { parseSql } from "./parser";

/** One statement of a section. */
export interface Statement {
  readonly sql: string;
  /** Offset of the statement in its section, in UTF-16 units. */
  readonly offset: number;
  /** BEGIN, COMMIT, SAVEPOINT and the like. */
  readonly controlsTransaction: boolean;
  /** SET and RESET: what they say counts for the statements behind them too. */
  readonly setsSession: boolean;
  /** Set for one that works beside reads and writes: CONCURRENTLY, VACUUM. */
  readonly online?: Online;
}

type RawStatement = NonNullable<ParseResult["stmts"]>[number];

/**
 * Splits a section into statements with PostgreSQL's own parser.
 *
 * @throws refused (exit 4) when the section does not parse: better now than midway.
 */
export async function splitStatements(migration: SqlMigration, section: SqlSection): Promise<Statement[]> {
  const parsed = await parseSql(section.sql).catch((cause: Error) => {
    throw refusal({
      code: "syntax",
      message: `${section.file ?? migration.file}:${lineOf(section, errorOffset(cause))}: ${cause.message}`,
      hint: "Mend the statement. A migration without a transaction is not started before all of it parses.",
    });
  });
  const textOf = textReader(section);
  return (parsed.stmts ?? []).map((raw) => ({
    ...textOf(raw),
    controlsTransaction: "TransactionStmt" in (raw.stmt ?? {}),
    setsSession: "VariableSetStmt" in (raw.stmt ?? {}),
    online: onlineOf(raw.stmt ?? ({} as SyntaxNode)),
  }));
}

/**
 * Reads parsed statements of a section, one behind the other: each one's text and offset, without the comments in front
 * of it.
 */
export function textReader(section: SqlSection) {
  // The parser counts bytes. Many statements must not each count from the beginning.
  const bytes = Buffer.from(section.sql);
  let counted = 0;
  let units = 0;
  return ({ stmt_location: start = 0, stmt_len: length }: RawStatement) => {
    units += bytes.subarray(counted, start).toString().length;
    counted = start;
    const sql = bytes.subarray(start, length ? start + length : undefined).toString();
    // Its statement begins behind the previous semicolon, comments and blank lines included.
    const leading = blankLength(sql);
    return { sql: sql.slice(leading), offset: units + leading };
  };
}

/** Line of the file at an offset of the section, from 1. */
export function lineOf(section: SqlSection, offset: number): number {
  return section.firstLine + section.sql.slice(0, offset).split("\n").length - 1;
}

function errorOffset(cause: Error): number {
  return (cause as { sqlDetails?: { cursorPosition?: number } }).sqlDetails?.cursorPosition ?? 0;
}
