/**
 * Waits, and ends early when the run is interrupted.
 *
 * @throws the signal's reason.
 */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  // Loaded when there is something to wait for.
  const { setTimeout: delay } = await import("node:timers/promises");
  try {
    await delay(ms, undefined, { signal });
  } catch {
    signal.throwIfAborted();
  }
}
