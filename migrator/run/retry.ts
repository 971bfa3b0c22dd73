import { sleep } from "../sleep";
import { warnOfBlockers } from "./blockers";
import type { StepContext } from "./context";
import { findInTheWay } from "./in-the-way";
import type { PreparedStep } from "./prepare";

const firstWaitMs = 500;
const longestWaitMs = 15_000;

/**
 * Runs work that may run again when it failed, because it is all or nothing or goes on where it stopped; when traffic was in its way, again after a growing, jittered wait: queuing for a lock
 * would block everybody behind it.
 *
 * @param isRolledBack whether nothing is left of what failed. @default always
 */
export async function withRetries<T>(
  { step, options }: PreparedStep,
  context: StepContext,
  work: () => Promise<T>,
  isRolledBack: () => boolean = () => true,
): Promise<T> {
  const { limits, report, signal } = context;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const reason = findInTheWay(error)?.reason;
      if (reason === "lock timeout" && !signal.aborted) {
        await warnOfBlockers(context, step.migration.name, options.lockTimeoutMs ?? limits.lockTimeoutMs);
      }
      if (!reason || attempt > limits.retries || signal.aborted) {
        throw error;
      }
      const waitMs = Math.min(firstWaitMs * 2 ** (attempt - 1), longestWaitMs) * (0.5 + Math.random());
      report({
        event: "retry",
        migration: step.migration.name,
        reason,
        rolledBack: isRolledBack(),
        attempt,
        of: limits.retries,
        waitMs: Math.round(waitMs),
      });
      await sleep(waitMs, signal);
    }
  }
}
