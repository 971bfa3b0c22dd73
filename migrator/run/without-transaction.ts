import type { Statement } from "../source/statements";
import { finishConcurrentIndex, removeInvalidIndex } from "./concurrent-index";
import { limitStatements, type Position, type StepContext, successSql } from "./context";
import { runDiscardingRows } from "./discard-rows";
import { runFunction } from "./in-transaction";
import type { FunctionStep, StatementsStep } from "./prepare";
import { statementChecksums } from "./prepare";
import { asMigrator } from "./transaction";

/**
 * SQLSTATEs of "cannot run inside a transaction block" and of a procedure that commits: raised before anything is done,
 * or with all of it rolled back.
 */
const needsNoTransaction = new Set(["25001", "2D000"]);

/**
 * Runs a step that asked for no transaction, and keeps in the ledger how far it came.
 *
 * Each statement commits together with its progress where PostgreSQL allows that. Only one that it runs outside a
 * transaction alone can be in doubt after a crash; the ledger says so beforehand (INV-5).
 */
export async function runStatements(prepared: StatementsStep, context: StepContext, position: Position): Promise<void> {
  const { signal } = context;
  await setSession(prepared, context, position);
  if (position.done === 0) {
    await recordProgress(prepared, context, position);
  }
  while (position.done < prepared.statements.length) {
    signal.throwIfAborted();
    const statement = prepared.statements[position.done] as Statement;
    position.offset = statement.offset;
    await runStatement(prepared, statement, context, position);
  }
  await finish(prepared, context, position);
}

/** Sets the step's limits, and again what its finished statements had set: a resume runs in a session of its own. */
async function setSession(prepared: StatementsStep, context: StepContext, { done }: Position): Promise<void> {
  await context.client.query(limitStatements(prepared, context, "SESSION"));
  for (const { sql } of prepared.statements.slice(0, done).filter(({ setsSession }) => setsSession)) {
    await context.client.query(sql);
  }
}

/** Runs a function that asked for no transaction; it is done or not, nobody knows in between. */
export async function runFreeFunction(prepared: FunctionStep, context: StepContext, position: Position): Promise<void> {
  const { client, cancellable } = context;
  await client.query(limitStatements(prepared, context, "SESSION"));
  await recordProgress(prepared, context, position);
  await cancellable(() => runFunction(prepared, context));
  position.done = 1;
  await finish(prepared, context, position);
}

async function runStatement(
  prepared: StatementsStep,
  statement: Statement,
  context: StepContext,
  position: Position,
): Promise<void> {
  if (mayRunInTransaction(prepared, statement) && (await commitsWithProgress(prepared, statement, context, position))) {
    return;
  }
  const { client } = context;
  const inDoubt = prepared.step.resume?.inDoubt && position.done === prepared.from;
  if (!(inDoubt && (await finishConcurrentIndex(client, statement)))) {
    await removeInvalidIndex(context, prepared.step.migration.name, statement);
    await runAlone(prepared, statement, context, position);
  }
  position.done += 1;
  await recordProgress(prepared, context, position);
}

/** A migration that begins and commits by itself is left to do so. */
function mayRunInTransaction({ statements }: StatementsStep, { concurrentIndex }: Statement): boolean {
  return !concurrentIndex && !statements.some(({ controlsTransaction }) => controlsTransaction);
}

/** Tries a statement in a transaction with its progress. @returns false when PostgreSQL runs it only outside one. */
async function commitsWithProgress(
  prepared: StatementsStep,
  { sql }: Statement,
  context: StepContext,
  position: Position,
): Promise<boolean> {
  const { client, cancellable } = context;
  await client.query("BEGIN");
  try {
    await cancellable(() => runDiscardingRows(client, sql));
    await recordProgress(prepared, context, { ...position, done: position.done + 1 });
    await client.query("COMMIT");
    position.done += 1;
    return true;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    if (needsNoTransaction.has((error as { code?: string }).code ?? "")) {
      return false;
    }
    throw error;
  }
}

/** Runs a statement outside a transaction. Until it has ended, the ledger says that nobody knows. */
async function runAlone(prepared: StatementsStep, statement: Statement, context: StepContext, position: Position) {
  const { client, cancellable } = context;
  await recordProgress(prepared, context, position, true);
  // CONCURRENTLY waits for older transactions without standing in anybody's way: a lock timeout would only spoil it.
  const isPatient = statement.concurrentIndex && prepared.options.lockTimeoutMs === undefined;
  if (isPatient) {
    await client.query("SET lock_timeout = 0");
  }
  try {
    await cancellable(() => runDiscardingRows(client, statement.sql));
  } catch (error) {
    // It failed, so it is not in doubt; if even this cannot be recorded, the connection is gone and it is.
    await recordProgress(prepared, context, position).catch(() => undefined);
    throw error;
  }
  if (isPatient) {
    await setSession(prepared, context, position);
  }
}

async function recordProgress(
  prepared: StatementsStep | FunctionStep,
  { client, ledger }: StepContext,
  { done }: Position,
  inDoubt?: boolean,
): Promise<void> {
  const { migration, direction } = prepared.step;
  const statements = prepared.kind === "statements" ? prepared.statements : [];
  const write = () =>
    ledger.recordProgress(migration.name, migration.checksum, {
      direction,
      done,
      total: prepared.kind === "statements" ? statements.length : 1,
      finished: statementChecksums(statements, done),
      inDoubt,
    });
  await (changesRole(statements) ? writeAsMigrator(client, write) : write());
}

/** Whether another role may be set while the ledger is written; in a transaction of its own it is the migration's affair. */
function changesRole(statements: readonly Statement[]): boolean {
  return (
    statements.some(({ setsSession, sql }) => setsSession && /\b(role|authorization)\b/i.test(sql)) &&
    !statements.some(({ controlsTransaction }) => controlsTransaction)
  );
}

/** Leaves the role that is set to the statements that follow. */
async function writeAsMigrator(client: StepContext["client"], write: () => Promise<void>): Promise<void> {
  const isInTransaction = client.getTransactionStatus() === "T";
  await client.query(isInTransaction ? asMigrator : `BEGIN; ${asMigrator}`);
  await write();
  if (!isInTransaction) {
    await client.query("COMMIT");
  }
}

async function finish(
  prepared: StatementsStep | FunctionStep,
  context: StepContext,
  position: Position,
): Promise<void> {
  await context.client.query(`BEGIN; ${asMigrator}; ${successSql(prepared, context, position)}; COMMIT`);
}
