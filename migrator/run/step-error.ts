import type { DatabaseError } from "pg";
import { isConnectionLost } from "../connection/connect";
import { describeSqlError } from "../connection/sql-error";
import { exitCodes, SchemagateError } from "../errors";
import { remedyFor } from "../remedies";
import type { Position } from "./context";
import { findInTheWay } from "./in-the-way";
import type { PreparedStep } from "./prepare";
import { describeInvalid } from "./watch-indexes";

/**
 * Says what became of a step that failed: lost connection (exit 7), rolled back (exit 6), or partial (exit 8).
 *
 * @param known what to do about it, where that is known already.
 */
export function stepError(prepared: PreparedStep, cause: unknown, position: Position, known?: string): SchemagateError {
  if (cause instanceof SchemagateError) {
    return cause;
  }
  const { migration, direction, role } = prepared.step;
  const section = "section" in prepared ? prepared.section : undefined;
  const { message, ...details } = describeSqlError(cause, migration, section, position.offset);
  const what = `${role} ${migration.name}${direction === "down" ? " (down)" : ""}`;
  const common = { cause, details: { migration: migration.name, direction, ...details } };
  const remedy =
    known ?? remedyFor(details.sqlState, (cause as DatabaseError).routine)?.hint ?? findInTheWay(cause)?.hint;
  if (isConnectionLost(cause)) {
    return new SchemagateError({
      ...common,
      code: "connection-lost",
      message: `the connection was lost during ${what}: ${message}`,
      hint: `${remedy ? `${remedy} Then run` : "Run"} it again: the ledger says what was committed, and a run looks there first.`,
      exitCode: exitCodes.connection,
    });
  }
  return isWhole(prepared)
    ? new SchemagateError({
        ...common,
        code: "migration-failed",
        message: `${what} failed and was rolled back: ${message}`,
        hint: remedy ?? "Mend the migration and run again; nothing of it is in the database.",
        exitCode: exitCodes.migrationFailed,
      })
    : new SchemagateError({
        ...common,
        code: "partial",
        message: `${what} ${howFar(prepared, position)}: ${message}`,
        hint: `${remedy ? `${remedy} ` : ""}${goOn(prepared, position)}`,
        exitCode: exitCodes.partial,
      });
}

/** Whether a step is all or nothing. */
export function isWhole(prepared: PreparedStep): boolean {
  return prepared.kind === "section" || (prepared.kind === "function" && prepared.options.transaction);
}

function howFar(prepared: PreparedStep, { done, leftInvalid = [] }: Position): string {
  if (prepared.kind === "batches") {
    return `stopped behind ${done} rows`;
  }
  const left = leftInvalid.length > 0 ? `, which left ${describeInvalid(leftInvalid)}` : "";
  return prepared.kind === "statements"
    ? `has no transaction and stopped at statement ${done + 1} of ${prepared.statements.length}${left}`
    : `has no transaction and stopped midway${left}`;
}

function goOn({ kind }: PreparedStep, { leftInvalid = [] }: Position): string {
  if (kind === "batches") {
    return "The batches before it stay. Mend the migration and run again: it goes on behind them.";
  }
  const way =
    kind === "statements"
      ? "What ran before it stays. Mend that statement, leave those before it, and run again: it goes on from there"
      : "What it did before that stays. Mend it and run again: it begins at its beginning, so it must take what is there";
  return leftInvalid.length > 0 ? `${way}, and drops first what is invalid.` : `${way}.`;
}
