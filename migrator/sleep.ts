import { setTimeout as delay } from "node:timers/promises";

/**
 * Waits, and ends early when the run is interrupted.
 *
 * @throws the signal's reason.
 */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  try {
    await delay(ms, undefined, { signal });
  } catch {
    signal.throwIfAborted();
  }
}
