import type { ParseResult } from "libpg-query";
import { type Problem, refusal } from "../errors";
import type { SqlMigration, SqlSection } from "./migration";

/** One statement of a section. */
export interface Statement {
  readonly sql: string;
  /** Offset of the statement in its section, in UTF-16 units. */
  readonly offset: number;
}

/**
 * Splits a section into statements with PostgreSQL's own parser.
 *
 * @throws refused (exit 4) when the section does not parse: better now than midway.
 */
export async function splitStatements(migration: SqlMigration, section: SqlSection): Promise<Statement[]> {
  const bytes = Buffer.from(section.sql);
  const parsed = await parse(section.sql).catch((cause: Error) => {
    throw refusal({
      code: "syntax",
      message: `${migration.file}:${lineOf(section, errorOffset(cause))}: ${cause.message}`,
      hint: "Mend the statement. A migration without a transaction is not started before all of it parses.",
    });
  });
  return (parsed.stmts ?? []).map(({ stmt_location: start = 0, stmt_len: length }) => {
    const sql = bytes.subarray(start, length ? start + length : undefined).toString();
    // The parser's statement begins behind the previous semicolon, comments and blank lines included.
    const leading = /^(\s+|--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/)*/.exec(sql)?.[0].length ?? 0;
    return { sql: sql.slice(leading), offset: bytes.subarray(0, start).toString().length + leading };
  });
}

/** Words without which there is no transaction statement; most migrations hold none and need no parser. */
const transactionWords = /\b(begin|start|commit|end|rollback|abort|prepare)\b/i;

/** Finds statements that would end a migration's own transaction, in SQL that the server may or may not accept. */
export async function findTransactionControl(migration: SqlMigration, section: SqlSection): Promise<Problem[]> {
  if (!transactionWords.test(section.sql)) {
    return [];
  }
  // What this parser cannot read is left to the server, which may be newer, and which rolls back on an error.
  const parsed = await parse(section.sql).catch((): ParseResult => ({ version: 0, stmts: [] }));
  const bytes = Buffer.from(section.sql);
  return (parsed.stmts ?? [])
    .filter(({ stmt }) => stmt && "TransactionStmt" in stmt && !isSavepoint(stmt.TransactionStmt.kind))
    .map(({ stmt_location: start = 0, stmt_len: length }) => {
      const text = bytes.subarray(start, length ? start + length : undefined).toString();
      const blank = /^\s*/.exec(text)?.[0].length ?? 0;
      const line = lineOf(section, bytes.subarray(0, start).toString().length + blank);
      return {
        code: "transaction-control",
        message: `${migration.file}:${line}: "${text.trim().split("\n").at(-1)}" inside a migration that runs in a transaction of its own`,
        hint: "Delete it: the migration and its ledger row are one transaction. Or declare `transaction:false`.",
      };
    });
}

function isSavepoint(kind: string | undefined): boolean {
  return /SAVEPOINT|ROLLBACK_TO|RELEASE/.test(kind ?? "");
}

async function parse(sql: string): Promise<ParseResult> {
  // Loaded on first use: 1.7 MB of WebAssembly that a run with nothing to do never needs.
  const { parse: parseSql } = await import("libpg-query");
  return parseSql(sql);
}

function errorOffset(cause: Error): number {
  return (cause as { sqlDetails?: { cursorPosition?: number } }).sqlDetails?.cursorPosition ?? 0;
}

function lineOf(section: SqlSection, offset: number): number {
  return section.firstLine + section.sql.slice(0, offset).split("\n").length - 1;
}
