import { setTimeout as delay } from "node:timers/promises";
import { migrateContainerName } from "../../infra/container-names";
import type { Azure } from "../azure/azure";
import { lastFailure } from "../azure/last-failure";
import { type LogLine, readLogLines } from "../azure/read-logs";
import type { Tell } from "../events";

export interface LinesOptions {
  /** Resource id of the workspace with the containers' lines. */
  readonly workspaceId: string;
  /** Pause between two looks at the app; the workspace is asked less often. */
  readonly pollMs: number;
  readonly tell: Tell;
}

/** How often the workspace is asked at most, and at least once. */
const logPollMs = 10_000;

/**
 * Asks for a container's lines until they tell of a failure, or no more come, or the wait is over. A workspace that cannot
 * be read is no reason to hide the rest.
 *
 * @param waitMs how long to wait for them; 0 looks once.
 */
export async function findLines(
  unbounded: Azure,
  options: LinesOptions,
  lines: { readonly container: string; readonly query: string; readonly waitMs: number },
): Promise<readonly LogLine[]> {
  const azure = unbounded.within(lines.waitMs);
  const end = performance.now() + lines.waitMs;
  let before = 0;
  try {
    for (;;) {
      const found = await readLogLines(azure, options.workspaceId, lines.query);
      const isWhole = lastFailure(found) !== undefined || (found.length > 0 && found.length === before);
      if (isWhole || azure.isOver) return found;
      before = found.length;
      const leftMs = Math.max(0, end - performance.now());
      await delay(Math.min(logPollMs, options.pollMs * 4, leftMs), undefined, { signal: azure.signal });
    }
  } catch (thrown) {
    azure.signal.throwIfAborted();
    const message = `${ofContainer(lines.container)} cannot be read: ${(thrown as Error).message}`;
    options.tell({ event: "warning", message });
    return [];
  }
}

function ofContainer(container: string): string {
  return container === migrateContainerName ? "the migrator's lines" : `the lines of container '${container}'`;
}
