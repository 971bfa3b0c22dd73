import { whatBroke } from "../connection/lost-connection";
import { SchemagateError } from "../errors";
import { runBatches } from "./batches";
import { actionOf, elapsedMs, type Position, renewSession, type StepContext } from "./context";
import { runInTransaction } from "./in-transaction";
import { interruptedError } from "./interrupted-error";
import { withNotices } from "./notices";
import type { PreparedStep } from "./prepare";
import { withRetries } from "./retry";
import { withSignsOfLife } from "./signs-of-life";
import { stepError } from "./step-error";
import { timeoutHint } from "./timeout-hint";
import { runFreeFunction, runStatements } from "./without-transaction";

/**
 * Runs one step and records it, or records that it failed.
 *
 * @throws migration failed (exit 6), partial (exit 8), connection lost (exit 7), or the interrupt.
 */
export async function runStep(prepared: PreparedStep, context: StepContext): Promise<void> {
  const { migration, direction, resume } = prepared.step;
  const { report, signal } = context;
  signal.throwIfAborted();
  report({ event: "migrating", direction, migration: migration.name, resumedAt: resume && describeResume(prepared) });
  const position: Position = { done: resume?.done ?? 0, startedAt: performance.now() };
  try {
    await withSignsOfLife(prepared, context, position, (heard) =>
      withNotices(heard, migration.name, () => execute(prepared, heard, position)),
    );
  } catch (thrown) {
    // Code may throw anything, nothing included.
    const failure = whatBroke(context.client) ?? thrown ?? new Error(`it threw ${thrown}, which is no error`);
    // What code did that stopped the run comes before what broke because of it.
    const cause = signal.reason ?? failure;
    const error =
      cause instanceof SchemagateError && cause === signal.reason
        ? interruptedError(prepared, cause, failure, position)
        : stepError(prepared, cause, position, await timeoutHint(cause, prepared, context, position));
    await recordFailure(prepared, context, error, position);
    throw error;
  }
  report({ event: "migrated", direction, migration: migration.name, durationMs: elapsedMs(position) });
}

function describeResume({ kind, step }: PreparedStep): string {
  return `${kind === "batches" ? "row" : "statement"} ${(step.resume?.done ?? 0) + 1}`;
}

async function execute(prepared: PreparedStep, context: StepContext, position: Position): Promise<void> {
  if (prepared.kind === "section" || (prepared.kind === "function" && prepared.options.transaction)) {
    // Renews the session together with its BEGIN.
    return withRetries(prepared, context, () => runInTransaction(prepared, context, position));
  }
  await renewSession(context);
  if (prepared.kind === "batches") {
    return runBatches(prepared, context, position);
  }
  if (prepared.kind === "statements") {
    const run = () => runStatements(prepared, context, position);
    return withRetries(prepared, context, run, () => position.isAlone !== true);
  }
  return runFreeFunction(prepared, context, position);
}

async function recordFailure(
  prepared: PreparedStep,
  { client, ledger, actor }: StepContext,
  error: SchemagateError,
  position: Position,
): Promise<void> {
  const { name, checksum } = prepared.step.migration;
  try {
    await client.query("ROLLBACK; RESET SESSION AUTHORIZATION; RESET ROLE");
    const durationMs = elapsedMs(position);
    const action = actionOf(prepared);
    await ledger.appendRun({ action, name, checksum, outcome: "failed", durationMs, error: error.message }, actor);
  } catch {
    // The record is for people who look later; what stops it is what stopped the migration, which is reported.
  }
}
