import { setTimeout as delay } from "node:timers/promises";
import { migratorLinesQuery, since } from "../../infra/log-queries";
import { exitCodes } from "../../migrator/errors";
import type { Azure } from "../azure/azure";
import { deactivateRevision } from "../azure/read-app";
import { type LogLine, readLogLines } from "../azure/read-logs";
import type { GateResult, NextStep } from "../events";
import type { Target } from "../target";
import { imageOf } from "./find-revision";
import type { Verdict } from "./judge";
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

/** How often the workspace is asked at most, and at least once. */
const logPollMs = 10_000;

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
  const query = facts.revision && linesQuery(options, facts.revision.name);
  const lines = query === undefined ? [] : await findLines(azure, options, query);
  const deactivated = ended.outcome === "held" && options.deactivate && (await deactivate(azure, options, watched));
  return {
    ...common,
    why: verdict.why,
    newest: ended.outcome === "not-deployed" ? newestRevision(watched) : undefined,
    serving: servingOf(watched),
    lines: lines.slice(-shownLines).map(({ line }) => line),
    query: query && since(query, "1h"),
    next: nextSteps(options, watched),
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

function linesQuery({ target, containerApp }: GateOptions, revision: string): string {
  return migratorLinesQuery({ destination: target.logDestination, app: containerApp, revision });
}

/** Asks for the migrator's lines until some are there; a workspace that cannot be read is no reason to hide the rest. */
async function findLines(azure: Azure, options: GateOptions, query: string): Promise<readonly LogLine[]> {
  const { workspaceId, logWaitMs, pollMs, tell } = options;
  const end = performance.now() + logWaitMs;
  if (logWaitMs > 0) tell({ event: "gate-reading-logs", seconds: Math.round(logWaitMs / 1_000) });
  try {
    for (;;) {
      const lines = await readLogLines(azure, workspaceId, query);
      const left = end - performance.now();
      if (lines.length > 0 || left <= 0) return lines;
      await delay(Math.min(logPollMs, pollMs * 4, left), undefined, { signal: azure.signal });
    }
  } catch (thrown) {
    azure.signal.throwIfAborted();
    tell({ event: "warning", message: `the migrator's lines cannot be read: ${(thrown as Error).message}` });
    return [];
  }
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
    await deactivateRevision(azure, options, revision.name);
    return true;
  } catch (thrown) {
    azure.signal.throwIfAborted();
    const message = `${revision.name} could not be deactivated and goes on trying: ${(thrown as Error).message}`;
    options.tell({ event: "warning", message });
    return false;
  }
}

function nextSteps(options: GateOptions, { facts, verdict }: Watched): NextStep[] {
  const { target, containerApp, resourceGroup } = options;
  const { environment } = target;
  const at = `--name ${containerApp} --resource-group ${resourceGroup}`;
  if (verdict.state === "absent") {
    return [
      {
        command: `az containerapp revision list ${at} --all --output table`,
        about: "what is there, and with which image",
      },
      {
        command: `npm run deploy -- ${environment} app --redeploy`,
        about: "when Azure dropped a deployment that Terraform believes in",
      },
    ];
  }
  const revision = facts.revision?.name ?? "";
  return [
    {
      command: `az containerapp logs show ${at} --revision ${revision} --container migrate --tail 100`,
      about: "what the migrator prints now",
    },
    {
      command: `npm run job -- ${environment} status`,
      about: "how each migration stands in the database",
    },
    {
      command: `npm run job -- ${environment} history --verbose`,
      about: "every run with its error, also of replicas whose lines got lost",
    },
    {
      command: `az containerapp revision deactivate ${at} --revision ${revision}`,
      about: "stop it trying again in the background",
    },
    { command: `npm run deploy -- ${environment} app --image <fixed>`, about: "once the migration is mended" },
  ];
}
