import { setTimeout as delay } from "node:timers/promises";
import { aborted } from "./aborted";
import { portError } from "./port";
import type { Story } from "./story";

/** Longest time for the app to become ready; a start needs a fraction of it. */
const readyTimeoutMs = 60_000;
const readyPollMs = 100;

export interface ServeOptions {
  /** Port of the app on this machine. */
  readonly port: number;
  readonly readinessPath: string;
  /** Exit code of whatever ends first. */
  readonly firstExit: Promise<number>;
  /** Whether what listens on the port is the app, as far as anybody knows. @default true */
  readonly isOurs?: () => boolean;
  /** End as soon as the app is ready. */
  readonly once: boolean;
  /** Aborted when the user ends it. */
  readonly signal: AbortSignal;
  readonly story: Story;
}

/**
 * Waits until a started app is ready, and then for its end.
 *
 * @returns exit code: 0 when it became ready and the user ended it.
 * @throws Interrupted when the user ended it before; usage (exit 2) when somebody else answers on its port.
 */
export async function serveFrom(options: ServeOptions): Promise<number> {
  const { port, readinessPath, firstExit, isOurs = () => true, once, signal, story } = options;
  const start = performance.now();
  const url = `http://127.0.0.1:${port}`;
  const failure = await becomesReady(`${url}${readinessPath}`, firstExit, signal);
  signal.throwIfAborted();
  if (failure === undefined && !isOurs()) {
    throw portError(port, {});
  }
  if (failure !== undefined) {
    story.failed(`the app did not become ready: ${failure}`);
    return 1;
  }
  story.done(`app ready at ${url}`, performance.now() - start);
  return once ? 0 : untilTheEnd(firstExit, signal, story);
}

/**
 * Waits until a URL answers as a readiness probe wants it.
 *
 * @returns why it did not become ready, or nothing.
 */
async function becomesReady(url: string, firstExit: Promise<number>, signal: AbortSignal): Promise<string | undefined> {
  const end = performance.now() + readyTimeoutMs;
  let last = "no answer";
  while (performance.now() < end) {
    const exit = await Promise.race([firstExit, delay(readyPollMs, undefined)]);
    if (exit !== undefined) {
      return `it exited with code ${exit}`;
    }
    if (signal.aborted) {
      return undefined;
    }
    try {
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) });
      if (response.ok) {
        // Whoever answered, an app that has ended since is not ready.
        const ended = await Promise.race([firstExit, delay(0)]);
        return ended === undefined ? undefined : `it exited with code ${ended}`;
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
async function untilTheEnd(firstExit: Promise<number>, signal: AbortSignal, story: Story): Promise<number> {
  story.note("Stop with Ctrl-C.");
  const code = await Promise.race([firstExit, aborted(signal)]);
  if (code === undefined) {
    story.note("Stopping.");
    return 0;
  }
  story.failed(`the app ended by itself with code ${code}`);
  return code || 1;
}
