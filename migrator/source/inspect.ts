import type { ParseResult } from "libpg-query";
import type { Problem } from "../errors";
import type { SqlMigration, SqlSection } from "./migration";
import { parseSql } from "./parser";
import { psqlProblems } from "./psql";
import { lineOf, textReader } from "./statements";
import { misplacedInTransaction, misplacedOutside } from "./transaction-scope";

/** Words without which none of the checks below can find anything; most migrations hold none and need no parser. */
const suspicious =
  /\b(begin|start|commit|end|rollback|abort|prepare|copy|characteristics)\b|transaction|^\s*\\|\\(g|watch|crosstab|;)/im;
/** The same for a section without a transaction, which is parsed anyway. */
const suspiciousAlone = /\b(copy|local|constraints|lock)\b|transaction|^\s*\\|\\(g|watch|crosstab|;)/im;

/**
 * Longest text that is parsed only to be looked at, in UTF-16 units: a syntax tree takes a hundred times its text. What a
 * longer one hides is noticed when its transaction turns out to have ended.
 */
const parserLimit = 2_000_000;

/** A line that begins as psql's commands do. */
const hasPsqlLine = /^\s*\\[a-z!?.]/im;

/** Finds statements that cannot do in a migration what they say, before any of them runs. */
export async function inspectSection(migration: SqlMigration, section: SqlSection): Promise<Problem[]> {
  const file = section.file ?? migration.file;
  if (section.sql.length > parserLimit) {
    return hasPsqlLine.test(section.sql) ? psqlProblems(section, file) : [];
  }
  const words = section.transaction ? suspicious : suspiciousAlone;
  if (!words.test(section.sql)) {
    return [];
  }
  const parsed = await parseSql(section.sql).catch((): ParseResult | undefined => undefined);
  if (!parsed) {
    // What this parser cannot read is left to the server, which may be newer, and which rolls back on an error.
    return psqlProblems(section, file);
  }
  const textOf = textReader(section);
  // Whether a migration without a transaction is between its own BEGIN and COMMIT.
  let hasBegun = false;
  return (parsed.stmts ?? []).flatMap((raw) => {
    const { sql, offset } = textOf(raw);
    const where = () => `${file}:${lineOf(section, offset)}`;
    const statement = raw.stmt ?? {};
    const kind = transactionKind(statement);
    if (kind !== undefined && !isSavepoint(kind)) {
      hasBegun = /BEGIN|START/.test(kind);
    }
    const misplaced = section.transaction
      ? misplacedInTransaction(statement)
      : hasBegun
        ? undefined
        : misplacedOutside(statement);
    return misplaced
      ? [{ code: misplaced.code, message: `${where()}: "${firstLine(sql)}" ${misplaced.why}`, hint: misplaced.hint }]
      : statementProblem(statement, sql, where, section.transaction);
  });
}

function firstLine(sql: string): string {
  return sql.split("\n")[0] ?? "";
}

function statementProblem(statement: object, sql: string, where: () => string, inTransaction: boolean): Problem[] {
  if ("CopyStmt" in statement) {
    const { is_from, filename, is_program } = statement.CopyStmt as Record<string, unknown>;
    return is_from && !filename && !is_program
      ? [
          {
            code: "copy-stdin",
            message: `${where()}: "${firstLine(sql)}" reads from a client that sends nothing`,
            hint: "Use INSERT, or a TypeScript migration.",
          },
        ]
      : [];
  }
  const kind = transactionKind(statement);
  if (inTransaction && kind !== undefined && !isSavepoint(kind)) {
    return [
      {
        code: "transaction-control",
        message: `${where()}: "${firstLine(sql)}" inside a migration that runs in a transaction of its own`,
        hint:
          "Delete it: the migration and its ledger row are one transaction; how isolated that is, SET TRANSACTION ISOLATION " +
          "LEVEL … says as its first statement. Or declare `transaction:false`.",
      },
    ];
  }
  return [];
}

function transactionKind(statement: object): string | undefined {
  return "TransactionStmt" in statement ? ((statement.TransactionStmt as { kind?: string }).kind ?? "") : undefined;
}

function isSavepoint(kind: string): boolean {
  return /SAVEPOINT|ROLLBACK_TO|RELEASE/.test(kind);
}
