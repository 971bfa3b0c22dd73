import { migrateContainerName } from "../../infra/container-names";
import { containerLinesQuery, since, systemEventsQuery } from "../../infra/log-queries";
import { exitCodes } from "../../migrator/errors";
import type { Azure } from "../azure/azure";
import { lastFailure } from "../azure/last-failure";
import { deactivateRevision } from "../azure/read-app";
import type { LogLine } from "../azure/read-logs";
import type { GateResult } from "../events";
import type { Target } from "../target";
import type { GateFacts } from "./facts";
import { findLines } from "./find-lines";
import { imageOf } from "./find-revision";
import type { Verdict } from "./judge";
import { nextSteps } from "./next-steps";
import { cannotPull, suspectOf } from "./suspect";
import { type Watched, type WatchOptions, watch } from "./watch";

export interface GateOptions extends WatchOptions {
  readonly target: Target;
  /** Resource id of the workspace with the migrator's lines. */
  readonly workspaceId: string;
  /** How long to wait for those lines: they arrive minutes after they were printed. */
  readonly logWaitMs: number;
  /** Stop the revision when it failed, so that it does not go on trying behind everybody's back. */
  readonly deactivate: boolean;
}

/** As many lines as fit on a screen beside everything else. */
const shownLines = 20;

/** How long a revision's end may take to be accepted. */
const deactivateMs = 60_000;

/**
 * Watches a release until its gate opens, holds or time is over, and gathers what somebody needs to know then.
 *
 * @throws SchemagateError exit 7 or 12 when Azure does not let it look.
 */
export async function passGate(azure: Azure, options: GateOptions): Promise<GateResult> {
  const watched = await watch(azure, options);
  const { verdict, facts, durationMs } = watched;
  const ended = endOf(verdict);
  const common = {
    event: "gate",
    ...ended,
    app: options.containerApp,
    image: options.images[0],
    revision: facts.revision?.name,
    durationMs,
  } as const;
  if (ended.outcome === "open") {
    return { ...common, why: verdict.why, lines: [], next: [], deactivated: false };
  }
  const waitMs = linesAreDue(verdict, facts) ? options.logWaitMs : 0;
  if (waitMs > 0) options.tell({ event: "gate-verdict", ...ended, why: verdict.why, revision: facts.revision?.name });
  const deactivated = ended.outcome === "held" && options.deactivate && (await deactivate(azure, options, watched));
  const lines = await linesOf(azure, options, watched, waitMs);
  const query = queryOf(options, verdict, facts);
  return {
    ...common,
    why: verdict.why,
    newest: ended.outcome === "not-deployed" ? newestRevision(watched) : undefined,
    serving: servingOf(watched),
    container: suspectOf(verdict, facts),
    lines: lines.slice(-shownLines).map(({ line }) => line),
    query: query && since(query, "1h"),
    next: nextSteps(options, verdict, facts, lastFailure(lines)),
    deactivated,
  };
}

function endOf(verdict: Verdict): Pick<GateResult, "outcome" | "code" | "exitCode"> {
  switch (verdict.state) {
    case "open":
      return { outcome: "open", exitCode: exitCodes.ok };
    case "held":
      return { outcome: "held", code: verdict.code, exitCode: exitCodes.gateHeld };
    case "waiting":
      return { outcome: "timed-out", code: "timed-out", exitCode: exitCodes.timedOut };
    case "absent":
      return { outcome: "not-deployed", code: "not-deployed", exitCode: exitCodes.notDeployed };
  }
}

/** In single mode the newest revision that works has the requests, unless that is this one. */
function servingOf({ facts }: Watched): string | undefined {
  const { latestReadyRevision } = facts.app;
  return latestReadyRevision === facts.revision?.name ? undefined : latestReadyRevision;
}

/** What somebody finds in place of the release. */
function newestRevision({ facts }: Watched): GateResult["newest"] {
  const { newest } = facts;
  return newest && { revision: newest.name, image: imageOf(newest) };
}

/** Where more is to be found: lines of the container that matters, or what the platform says where none does. */
function queryOf(options: GateOptions, verdict: Verdict, facts: GateFacts): string | undefined {
  if (facts.revision === undefined) return undefined;
  const { target, containerApp } = options;
  const logs = { destination: target.logDestination, app: containerApp, revision: facts.revision.name };
  const suspect = suspectOf(verdict, facts);
  if (suspect !== undefined) return containerLinesQuery(logs, suspect);
  return cannotPull(verdict.why) ? systemEventsQuery(logs) : undefined;
}

/** Whether lines are worth waiting for: of a migrator that is known to have failed. No other says more than is known. */
function linesAreDue(verdict: Verdict, facts: GateFacts): boolean {
  const isKnown = facts.replicas.length > 0;
  return verdict.state === "held" && isKnown && suspectOf(verdict, facts) === migrateContainerName;
}

/** Lines of the container that matters. */
async function linesOf(
  azure: Azure,
  options: GateOptions,
  { verdict, facts }: Watched,
  waitMs: number,
): Promise<readonly LogLine[]> {
  const container = suspectOf(verdict, facts);
  const query = queryOf(options, verdict, facts);
  if (container === undefined || query === undefined) return [];
  if (waitMs > 0) options.tell({ event: "gate-reading-logs", seconds: Math.round(waitMs / 1_000) });
  return findLines(azure, options, { container, query, waitMs });
}

/** Whether the failed revision was stopped. It is left alone where nothing else would be running. */
async function deactivate(azure: Azure, options: GateOptions, { facts, verdict }: Watched): Promise<boolean> {
  const { revision, app } = facts;
  const code = verdict.state === "held" ? verdict.code : undefined;
  if (revision === undefined || code === "revision-inactive") return false;
  if (app.latestReadyRevision === revision.name) {
    options.tell({
      event: "warning",
      message: `${revision.name} is not deactivated: it is the revision that Azure counts as ready, and may be serving`,
    });
    return false;
  }
  try {
    await deactivateRevision(azure.within(deactivateMs), options, revision.name);
    return true;
  } catch (thrown) {
    azure.signal.throwIfAborted();
    const message = `${revision.name} could not be deactivated and goes on trying: ${(thrown as Error).message}`;
    options.tell({ event: "warning", message });
    return false;
  }
}
