import { setTimeout as delay } from "node:timers/promises";
import { SchemagateError } from "../../migrator/errors";
import type { Azure } from "../azure/azure";
import { type AppAddress, readApp, readReplicas, readRevisions } from "../azure/read-app";
import type { Tell } from "../events";
import type { GateFacts, ReplicaFacts, RevisionFacts } from "./facts";
import { findRevision, judge, type Release, type Verdict } from "./judge";

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
  readonly facts: GateFacts;
  readonly durationMs: number;
}

/** Looks at a release until it is up, has failed, or time is over. Tells what changes between two looks. */
export async function watch(azure: Azure, options: WatchOptions): Promise<Watched> {
  const start = performance.now();
  let toldRevision: string | undefined;
  let toldWhy: string | undefined;
  for (;;) {
    const facts = await look(azure, options);
    const verdict = judge(facts, options, options.maxRestarts);
    const durationMs = Math.round(performance.now() - start);
    if (facts.revision !== undefined && facts.revision.name !== toldRevision) {
      toldRevision = facts.revision.name;
      options.tell({ event: "gate-revision", revision: toldRevision, image: options.image });
    }
    const limitMs = verdict.state === "absent" ? Math.min(options.appearMs, options.timeoutMs) : options.timeoutMs;
    if (verdict.state === "open" || verdict.state === "held" || durationMs >= limitMs) {
      return { verdict, facts, durationMs };
    }
    if (verdict.why !== toldWhy) {
      toldWhy = verdict.why;
      options.tell({ event: "gate-waiting", why: verdict.why });
    }
    await delay(Math.min(options.pollMs, Math.max(0, limitMs - durationMs)), undefined, { signal: azure.signal });
  }
}

async function look(azure: Azure, options: WatchOptions): Promise<GateFacts> {
  const app = await readApp(azure, options);
  const revisions = await readRevisions(azure, options);
  const revision = findRevision(revisions, options);
  return { app, revision, replicas: revision === undefined ? [] : await replicasOf(azure, options, revision) };
}

/** An inactive revision has none; of one that is being made, Azure may say that there is no such thing yet. */
async function replicasOf(azure: Azure, address: AppAddress, { name, active }: RevisionFacts): Promise<ReplicaFacts[]> {
  if (!active) return [];
  try {
    return await readReplicas(azure, address, name);
  } catch (thrown) {
    if (thrown instanceof SchemagateError && thrown.code === "azure-not-found") return [];
    throw thrown;
  }
}
