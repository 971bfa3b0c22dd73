import { monotonicMs } from "../../clock";
import type { Report, RunEvent } from "../../events/events";
import { Ledger } from "../../ledger/ledger";
import type { Target } from "../../plan/plan";
import { isUpToDate } from "../../plan/up-to-date";
import { type Session, withDatabase } from "../../run/session";
import { warnOfPooler } from "../../run/warn-of-pooler";
import { readSealSummary } from "../../source/seal-summary";
import type { CommandContext } from "./command";
import type { Direction, PreparedRun, RunSettings } from "./prepare-run";

/**
 * Runs `up`, `down` or `redo` and tells how it ended. The source is read first: a bad one needs no database. Only of a
 * sealed set, which was checked when it was sealed, a start reads no more than the summary while that says it all (INV-8).
 */
export async function runWith(direction: Direction, settings: RunSettings, context: CommandContext): Promise<void> {
  const seal = isWhole(direction, settings) ? readSealSummary(settings.dir) : undefined;
  let run: PreparedRun | undefined;
  const prepare = async () => {
    // Loaded only when there may be something to run: a start with nothing to do stays fast.
    const { prepareRun } = await import("./prepare-run");
    run ??= await prepareRun(direction, settings, context.signal);
    return run;
  };
  if (!seal) {
    await prepare();
  }
  const leftForLock = countdown(settings.lockWait);
  let begun = false;
  const report: Report = (event) => {
    begun ||= !isPreliminary(event);
    context.report(event);
  };
  const body = async (session: Session) => {
    const start = monotonicMs();
    const ledger = new Ledger(session.client, settings.ledgerSchema);
    const isDone = seal && (await isUpToDate(ledger, seal));
    if (isDone) {
      warnOfPooler(session.client, ledger, report);
    }
    const result = isDone
      ? { migrations: [], current: seal.newest }
      : await (await prepare())(session, report, leftForLock() * 1_000);
    context.report({ event: "done", direction, ...result, durationMs: Math.round(monotonicMs() - start) });
  };
  await withDatabase(settings, context, body, () => !begun);
}

/** Whether a run goes all the way up, so that a summary of the whole set can say that there is nothing to do. */
function isWhole(direction: Direction, { to, steps }: Target): boolean {
  return direction === "up" && to === undefined && steps === undefined;
}

/** Told before any step: nothing was changed yet, and a run may begin again. */
function isPreliminary({ event }: RunEvent): boolean {
  return event === "connect-retry" || event === "lock-waiting" || event === "warning";
}

/** Whole seconds that are left since the first call: a wait that a broken connection ended does not begin anew. */
function countdown(seconds: number): () => number {
  let start: number | undefined;
  return () => {
    start ??= monotonicMs();
    return Math.max(0, seconds - Math.floor((monotonicMs() - start) / 1_000));
  };
}
