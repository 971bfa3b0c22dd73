import type { Progress } from "../ledger/ledger";
import { runsAlone } from "../source/online";
import type { Statement } from "../source/statements";
import { limitStatements, type Position, type StepContext, successSql } from "./context";
import { runDiscardingRows } from "./discard-rows";
import { runFunction } from "./in-transaction";
import { isThere, makeWay, oidsBefore } from "./online";
import { withOnlineClient } from "./online-client";
import type { FunctionStep, StatementsStep } from "./prepare";
import { statementChecksums } from "./prepare";
import { asMigrator } from "./transaction";
import { watchIndexes } from "./watch-indexes";
import { withoutLockTimeout } from "./without-lock-timeout";

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
  const { client, signal } = context;
  await setSession(prepared, context, position);
  await watchIndexes(prepared, context, position, async () => {
    if (position.done === 0) {
      await recordProgress(prepared, context, position);
    }
    // Behind it is what lasts; between BEGIN and COMMIT of the migration's own, nothing does yet.
    let lasting = position.done;
    try {
      while (position.done < prepared.statements.length) {
        signal.throwIfAborted();
        const statement = prepared.statements[position.done] as Statement;
        position.offset = statement.offset;
        await runStatement(prepared, statement, context, position);
        lasting = client.getTransactionStatus() === "I" ? position.done : lasting;
      }
    } catch (error) {
      await rollBackOwn(client);
      position.done = lasting;
      throw error;
    }
  });
  await finish(prepared, context, position);
}

/** Ends a transaction that the migration began by itself and that failed. */
async function rollBackOwn(client: StepContext["client"]): Promise<void> {
  // pg tells an error before it knows the status behind it; by the answer to the next message it does.
  await client.query("").catch(() => undefined);
  if (client.getTransactionStatus() !== "I") {
    await client.query("ROLLBACK").catch(() => undefined);
  }
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
  await watchIndexes(prepared, context, position, async () => {
    await recordProgress(prepared, context, position);
    await cancellable(() =>
      runFunction(prepared, context, (own, call) => withOnlineClient(own, prepared, context, position, call)),
    );
  });
  position.done = 1;
  await finish(prepared, context, position);
}

async function runStatement(
  prepared: StatementsStep,
  statement: Statement,
  context: StepContext,
  position: Position,
): Promise<void> {
  const run = async () => {
    const isDone =
      mayRunInTransaction(prepared, statement) && (await commitsWithProgress(prepared, statement, context, position));
    if (!isDone) {
      await runOutside(prepared, statement, context, position);
    }
  };
  await (isPatient(prepared, statement, position)
    ? withoutLockTimeout(context.client, context.limits.lockTimeoutMs, run)
    : run());
}

/** Whether a statement waits as long as it takes: nobody waits for it, and the migration sets no timeout by itself. */
function isPatient({ statements, options }: StatementsStep, { online }: Statement, { done }: Position): boolean {
  const setsTimeout = ({ setsSession, sql }: Statement) => setsSession && /\block_timeout\b/i.test(sql);
  return online !== undefined && options.lockTimeoutMs === undefined && !statements.slice(0, done).some(setsTimeout);
}

/** Runs a statement outside a transaction, unless an earlier run did and did not come to record it. */
async function runOutside(
  prepared: StatementsStep,
  statement: Statement,
  context: StepContext,
  position: Position,
): Promise<void> {
  const { resume } = prepared.step;
  const inDoubt = resume?.inDoubt && position.done === prepared.from;
  const isDone =
    inDoubt && statement.online && (await isThere(context.client, statement.online, resume?.indexesBefore));
  if (!isDone) {
    await runAlone(prepared, statement, context, position);
  }
  await recordProgress(prepared, context, { ...position, done: position.done + 1 });
  position.done += 1;
}

/** A migration that begins and commits by itself is left to do so. */
function mayRunInTransaction({ statements }: StatementsStep, { online }: Statement): boolean {
  return !runsAlone(online) && !statements.some(({ controlsTransaction }) => controlsTransaction);
}

/** Tries a statement in a transaction with its progress. @returns false when PostgreSQL runs it only outside one. */
async function commitsWithProgress(
  prepared: StatementsStep,
  { sql }: Statement,
  context: StepContext,
  position: Position,
): Promise<boolean> {
  const { client, cancellable } = context;
  position.isAlone = false;
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
  const { client, cancellable, signal } = context;
  const { online, sql } = statement;
  const { invalidBefore = [] } = position;
  const { name } = prepared.step.migration;
  position.isAlone = true;
  const text = online ? await cancellable(() => makeWay(context, name, online, sql, { invalidBefore })) : sql;
  signal.throwIfAborted();
  // What is there already it cannot bring about: it fails, or does nothing.
  const inDoubt = online === undefined || !(await isThere(client, online, undefined));
  const indexesBefore = online && (await oidsBefore(client, online));
  await recordProgress(prepared, context, position, { inDoubt, indexesBefore });
  try {
    await cancellable(() => runDiscardingRows(client, text));
  } catch (error) {
    // It failed, so it is not in doubt; if even this cannot be recorded, the connection is gone and it is.
    await recordProgress(prepared, context, position).catch(() => undefined);
    throw error;
  }
}

async function recordProgress(
  prepared: StatementsStep | FunctionStep,
  { client, ledger }: StepContext,
  { done, invalidBefore }: Position,
  doubt: Pick<Progress, "inDoubt" | "indexesBefore"> = {},
): Promise<void> {
  const { migration, direction } = prepared.step;
  const statements = prepared.kind === "statements" ? prepared.statements : [];
  const write = () =>
    ledger.recordProgress(migration.name, migration.checksum, {
      direction,
      done,
      total: prepared.kind === "statements" ? statements.length : 1,
      finished: statementChecksums(statements, done),
      invalidBefore,
      ...doubt,
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
