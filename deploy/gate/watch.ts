import { setTimeout as delay } from "node:timers/promises";
import { SchemagateError } from "../../migrator/errors";
import type { Azure } from "../azure/azure";
import { type AppAddress, readApp, readReplicas, readRevision, readRevisions } from "../azure/read-app";
import type { Tell } from "../events";
import type { AppFacts, GateFacts, ReplicaFacts, RevisionFacts } from "./facts";
import { findRevision, newestOf, type Release } from "./find-revision";
import { judge, type Verdict } from "./judge";

export interface WatchOptions extends Release, AppAddress {
  /** How long to wait for an end. */
  readonly timeoutMs: number;
  /** How long to wait for the revision to appear: Azure makes it before it answers a deployment. */
  readonly appearMs: number;
  /** Pause between two looks. */
  readonly pollMs: number;
  /** Restarts after which a container that was never ready counts as failed. */
  readonly maxRestarts: number;
  readonly tell: Tell;
}

/** How a watch ended: with a verdict, or in time running out over the last one. */
export interface Watched {
  readonly verdict: Verdict;
  /** The last that was seen; nothing where Azure never answered. */
  readonly facts: GateFacts;
  readonly durationMs: number;
}

const nothingSeen: GateFacts = { app: { revisionMode: "Single" }, revisions: [], replicas: [] };

/** Looks at a release until it is up, has failed, or time is over. Tells what changes between two looks. */
export async function watch(unbounded: Azure, options: WatchOptions): Promise<Watched> {
  const azure = unbounded.within(options.timeoutMs);
  const start = performance.now();
  let last: Watched | undefined;
  let toldRevision: string | undefined;
  let absentSince: number | undefined;
  for (;;) {
    const facts = await look(azure, options).catch(unlessTimeIsOver);
    const durationMs = Math.round(performance.now() - start);
    if (facts instanceof SchemagateError) return unanswered(facts, last, durationMs);
    const verdict = judge(facts, options, options.maxRestarts);
    if (facts.revision !== undefined && facts.revision.name !== toldRevision) {
      toldRevision = facts.revision.name;
      options.tell({ event: "gate-revision", revision: toldRevision, image: options.images[0] });
    }
    absentSince = verdict.state === "absent" ? (absentSince ?? durationMs) : undefined;
    const limitMs = Math.min(options.timeoutMs, (absentSince ?? Number.POSITIVE_INFINITY) + options.appearMs);
    if (verdict.state === "open" || verdict.state === "held" || durationMs >= limitMs) {
      return { verdict, facts, durationMs };
    }
    if (verdict.why !== last?.verdict.why) options.tell({ event: "gate-waiting", why: verdict.why });
    last = { verdict, facts, durationMs };
    await delay(Math.min(options.pollMs, Math.max(0, limitMs - durationMs)), undefined, { signal: azure.signal });
  }
}

function unlessTimeIsOver(thrown: unknown): SchemagateError {
  if (thrown instanceof SchemagateError && thrown.code === "azure-timed-out") return thrown;
  throw thrown;
}

/** Time that ran out over questions: what was seen last still stands, and why nothing newer does. */
function unanswered({ message }: SchemagateError, last: Watched | undefined, durationMs: number): Watched {
  const why = last === undefined ? message : `${last.verdict.why}; since then ${message}`;
  return { verdict: { state: "waiting", why }, facts: last?.facts ?? nothingSeen, durationMs };
}

async function look(azure: Azure, options: WatchOptions): Promise<GateFacts> {
  const app = await readApp(azure, options);
  const revisions = await withNewest(azure, options, app, await readRevisions(azure, options));
  const revision = findRevision(app, revisions, options);
  return {
    app,
    revisions,
    newest: newestOf(app, revisions),
    revision,
    replicas: revision === undefined ? [] : await replicasOf(azure, options, revision),
  };
}

/** The list may be behind the app, which names its newest revision. */
async function withNewest(
  azure: Azure,
  address: AppAddress,
  app: AppFacts,
  listed: readonly RevisionFacts[],
): Promise<readonly RevisionFacts[]> {
  const name = app.latestRevision;
  if (name === undefined || newestOf(app, listed) !== undefined) return listed;
  const newest = await unlessMissing(readRevision(azure, address, name));
  return newest === undefined ? listed : [...listed, newest];
}

/** An inactive revision has none; of one that is being made, Azure may say that there is no such thing yet. */
async function replicasOf(azure: Azure, address: AppAddress, { name, active }: RevisionFacts): Promise<ReplicaFacts[]> {
  return (active && (await unlessMissing(readReplicas(azure, address, name)))) || [];
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (thrown) {
    if (thrown instanceof SchemagateError && thrown.code === "azure-not-found") return undefined;
    throw thrown;
  }
}
