import { setTimeout as delay } from "node:timers/promises";
import { aborted } from "./aborted";
import type { Story } from "./story";

/** Longest time for the app to become ready; a start needs a fraction of it. */
const readyTimeoutMs = 60_000;
const readyPollMs = 100;

/**
 * Waits until a URL answers as a readiness probe wants it.
 *
 * @param firstExit exit code of whatever ends first.
 * @param signal aborted when the user ends it.
 * @returns why it did not become ready, or nothing.
 */
export async function becomesReady(
  url: string,
  firstExit: Promise<number>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const end = performance.now() + readyTimeoutMs;
  let last = "no answer";
  while (performance.now() < end) {
    const exit = await Promise.race([firstExit, delay(readyPollMs, undefined)]);
    if (exit !== undefined) {
      return `it exited with code ${exit}`;
    }
    if (signal.aborted) {
      return "stopped";
    }
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
      if (response.ok) {
        return undefined;
      }
      last = `${url} answers ${response.status}: ${await response.text()}`;
    } catch {
      // Not listening yet.
    }
  }
  return `${last} after ${readyTimeoutMs / 1_000} s`;
}

/**
 * Waits for the end of an app that is ready.
 *
 * @returns exit code: 0 when the user ended it, never 0 when it ended by itself.
 */
export async function untilTheEnd(firstExit: Promise<number>, signal: AbortSignal, story: Story): Promise<number> {
  story.note("Stop with Ctrl-C.");
  const code = await Promise.race([firstExit, aborted(signal)]);
  if (code === undefined) {
    story.note("Stopping.");
    return 0;
  }
  story.failed(`the app ended by itself with code ${code}`);
  return code || 1;
}
