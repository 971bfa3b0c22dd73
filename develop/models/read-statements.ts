import { describeSqlError } from "../../migrator/connection/sql-error";
import type { Problem } from "../../migrator/errors";
import { parseSql } from "../../migrator/source/parser";
import { lineOf, textReader } from "../../migrator/source/statements";
import type { ModelSql } from "./model-adapter";
import { createdName, setsSession, statementProblem } from "./statement-facts";

/** A psql command at the beginning of a line: `\i`, `\copy`, `\restrict`. */
const psqlCommand = /^[^\S\n]*\\[a-z!?.].*/im;

/** What a text of DDL holds, and what is wrong with it. */
export interface ReadStatements {
  readonly statements: readonly ModelSql[];
  readonly problems: readonly ModelProblem[];
}

/** A problem with the line of the file it is about. */
export interface ModelProblem extends Problem {
  readonly location: string;
  readonly excerpt?: string;
}

/**
 * Splits a text of DDL into statements with PostgreSQL's own parser, and refuses those that cannot be part of a model.
 *
 * @param text with LF line ends.
 * @param file path for messages.
 */
export async function readStatements(text: string, file: string): Promise<ReadStatements> {
  const section = { sql: text, firstLine: 1, file, transaction: true };
  const parsed = await parseSql(text).catch((cause: Error) => cause);
  if (parsed instanceof Error) {
    return { statements: [], problems: [psqlProblem(text, file) ?? syntaxProblem(text, file, parsed)] };
  }
  const textOf = textReader(section);
  const problems: ModelProblem[] = [];
  const statements = (parsed.stmts ?? []).map((raw): ModelSql => {
    const { sql, offset } = textOf(raw);
    const node = (raw.stmt ?? {}) as Record<string, unknown>;
    const firstLine = lineOf(section, offset);
    const problem = statementProblem(node, sql.split("\n", 1)[0] ?? "");
    if (problem) {
      problems.push({
        ...problem,
        message: `${file}:${firstLine}: ${problem.message}`,
        location: `${file}:${firstLine}`,
      });
    }
    return {
      ...{ sql, file, firstLine },
      linePrefix: text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset),
      setsSession: setsSession(node),
      creates: createdName(node),
      createsRole: "CreateRoleStmt" in node,
    };
  });
  return { statements, problems };
}

function psqlProblem(text: string, file: string): ModelProblem | undefined {
  const found = psqlCommand.exec(text);
  if (!found) {
    return undefined;
  }
  const location = `${file}:${text.slice(0, found.index).split("\n").length}`;
  return {
    code: "psql-command",
    message: `${location}: "${found[0].trim()}" is a command of psql, not SQL`,
    hint: "Delete it; name the file that \\i includes as a model of its own. pg_dump writes \\restrict and \\unrestrict: they are not needed here.",
    location,
  };
}

function syntaxProblem(text: string, file: string, cause: Error): ModelProblem {
  const { cursorPosition = 0 } = (cause as { sqlDetails?: { cursorPosition?: number } }).sqlDetails ?? {};
  const place = Object.assign(new Error(cause.message), { position: String(cursorPosition + 1) });
  const { location, excerpt } = describeSqlError(place, modelFile(file, text), {
    sql: text,
    firstLine: 1,
    transaction: true,
  });
  return {
    code: "syntax",
    message: `${location}: ${cause.message}`,
    hint: "Mend the statement; models are read with PostgreSQL's own parser.",
    ...{ location, excerpt },
  };
}

/** A model's text in the form in which errors of migrations are described. */
export function modelFile(file: string, sql: string) {
  return { kind: "sql", name: file, file, checksum: "", up: { sql, firstLine: 1, transaction: true } } as const;
}
