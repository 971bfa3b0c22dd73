import { migrateContainerName } from "../../infra/container-names";
import type { GateFacts, ReplicaFacts } from "./facts";
import type { Verdict } from "./judge";

/** The container that keeps a revision from being up, as far as can be told; none where no container's lines say why. */
export function suspectOf(verdict: Verdict, facts: GateFacts): string | undefined {
  if (facts.revision === undefined || verdict.state === "absent" || verdict.state === "open") return undefined;
  if (verdict.state === "waiting") return waitedFor(facts.replicas);
  switch (verdict.code) {
    case "migrator-crash-loop":
    case "init-container-crash-loop":
    case "app-crash-loop":
      return verdict.container;
    case "provisioning-failed":
    case "activation-failed":
      return cannotPull(verdict.why) ? undefined : waitedFor(facts.replicas);
    case "images-differ":
    case "revision-inactive":
      return undefined;
  }
}

/** Whether the platform says that it did not get the image: then nothing of it ever ran. */
export function cannotPull(why: string): boolean {
  return /image ?pull|pull(ing)? (the )?image|errimage|manifest|registry/i.test(why);
}

/** Containers start one after the other, init containers first; where no replica is known, the migrator is the first. */
function waitedFor(replicas: readonly ReplicaFacts[]): string | undefined {
  if (replicas.length === 0) return migrateContainerName;
  const isUnready = ({ ready }: { readonly ready: boolean }) => !ready;
  const all = replicas.map(({ initContainers, containers }) => [...initContainers, ...containers].find(isUnready));
  return all.find((container) => container !== undefined)?.name;
}
