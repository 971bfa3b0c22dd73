import type { DatabaseError } from "pg";
import { describeSqlError } from "../../migrator/connection/sql-error";
import { exitCodes, SchemagateError } from "../../migrator/errors";
import type { ModelSql } from "./model-adapter";
import { modelError } from "./model-error";
import { type ModelProblem, modelFile } from "./read-statements";

/** A statement and why it failed. */
export interface Failure {
  readonly statement: ModelSql;
  readonly cause: unknown;
  /** Whether the server's position counts from the statement's beginning. */
  readonly placed: boolean;
}

/**
 * Says which statements of models fail (exit 2): those that never can succeed, and of those that miss something the ones
 * whose missing object is made by none of the others. The rest are consequences.
 */
export function applyError(failures: readonly Failure[], stuck: readonly Failure[]): SchemagateError {
  const unmade = new Set([...failures, ...stuck].map(({ statement }) => statement.creates));
  const causes = [...failures, ...stuck.filter(({ cause }) => !unmade.has(missingName(cause)))];
  // Where all wait for each other, none of them is a consequence.
  const shown = uniqueByStatement(causes.length > 0 ? causes : stuck);
  const [first, ...others] = shown.map(toProblem);
  if (!first) {
    throw new Error("an error of models without a failure");
  }
  const { code: sqlState, detail, hint } = (shown[0]?.cause ?? {}) as Partial<DatabaseError>;
  return modelError([first, ...others], { sqlState, detail, hint }, shown[0]?.cause);
}

/** The connection was lost while models were applied (exit 7). */
export function connectionLost({ statement, cause }: Failure): SchemagateError {
  return new SchemagateError({
    code: "connection-lost",
    message: `the connection was lost while the models were applied (${statement.file}): ${(cause as Error).message}`,
    hint: "Run it again: nothing but a database made for this was touched.",
    exitCode: exitCodes.connection,
    cause,
  });
}

/** A setting that fails does so for every statement behind it. */
function uniqueByStatement(failures: readonly Failure[]): Failure[] {
  return [...new Map(failures.map((failure) => [failure.statement, failure])).values()];
}

/** The object of `relation "app.orders" does not exist`, without its schema. */
function missingName(cause: unknown): string | undefined {
  const { message = "" } = cause as Partial<Error>;
  const [, quoted, called] = /"([^"]+)"|function ([^(]+)\(/.exec(message) ?? [];
  return (quoted ?? called)?.split(".").at(-1);
}

function toProblem({ statement, cause, placed }: Failure): ModelProblem {
  const { file, linePrefix = "", firstLine, generated } = statement;
  const sql = linePrefix + statement.sql;
  const described = describeSqlError(
    placed ? cause : { message: (cause as Error).message },
    modelFile(file, sql),
    { sql, firstLine, transaction: true },
    linePrefix.length,
  );
  const location = generated ? file : described.location;
  return {
    code: "models-failed",
    message: `${location}: ${generated ? "SQL generated of it fails: " : ""}${described.message}`,
    hint: hintFor((cause as Partial<DatabaseError>).code, generated),
    location,
    excerpt: described.excerpt,
  };
}

/** What is left out of a Drizzle module most often, by the SQLSTATE that shows it. */
const generatedHints: Readonly<Record<string, string>> = {
  "3F000": "Export the pgSchema from the module too, or make the schema in an SQL file.",
  "42704": "Export the pgEnum or pgRole from the module too, or make what is missing in an SQL file.",
  "42P02":
    "drizzle-kit leaves values out of conditions of indexes and the like: write them into the text, sql`status = 'open'`.",
};

function hintFor(sqlState: string | undefined, generated = false): string {
  const special = generated ? generatedHints[sqlState ?? ""] : undefined;
  return special ?? "Mend the models; they were applied to an empty database made for this, nothing else was touched.";
}
