import { appContainerName, migrateContainerName } from "../../infra/container-names";
import type { AppFacts, ContainerFacts, GateFacts, ReplicaFacts, RevisionFacts } from "./facts";
import { isSingle, type Release, revisionsOf } from "./find-revision";

/** What one look says about the gate. */
export type Verdict =
  | { readonly state: "absent"; readonly why: string }
  | { readonly state: "waiting"; readonly why: string }
  | { readonly state: "open"; readonly why: string }
  | {
      readonly state: "held";
      readonly code: HeldCode;
      readonly why: string;
      /** The one that does not get up, of a crash loop. */
      readonly container?: string;
    };

/** Why a gate holds. */
export type HeldCode =
  | "migrator-crash-loop"
  | "init-container-crash-loop"
  | "app-crash-loop"
  | "provisioning-failed"
  | "activation-failed"
  | "revision-inactive"
  | "images-differ";

/** States of a revision that runs, or would if anybody asked. */
const runningStates: ReadonlySet<string> = new Set(["Running", "RunningAtMaxScale", "ScaledToZero"]);
/** A resource's states behind the end of a change; any other is one of a change under way. */
const settledStates: ReadonlySet<string> = new Set(["Succeeded", "Failed", "Canceled"]);
const failedStates: ReadonlySet<string> = new Set(["Failed", "ActivationFailed"]);

/**
 * Judges one look at a release: open only when the revision of its image is up (INV-14).
 *
 * @param maxRestarts restarts after which a container that has never been ready counts as failed.
 */
export function judge(facts: GateFacts, release: Release, maxRestarts: number): Verdict {
  const { revision } = facts;
  if (revision === undefined) return judgeAbsence(facts, release);
  return (
    judgeTemplate(revision) ??
    judgeContainers(facts.replicas, maxRestarts) ??
    judgeStates(revision) ??
    judgePlace(facts, revision, release)
  );
}

function judgeAbsence({ app, newest, revisions }: GateFacts, release: Release): Verdict {
  if (newest === undefined && app.latestRevision !== undefined) {
    return { state: "waiting", why: `${app.latestRevision} is the newest revision, and Azure does not show it yet` };
  }
  if (isChanging(app)) {
    return { state: "waiting", why: `a change of the app is under way (${app.changeState})` };
  }
  if (newest !== undefined && newest.name === release.follows) {
    return { state: "absent", why: `${newest.name} was there before, and the deployment's own revision is not yet` };
  }
  const [image] = release.images;
  const [older] = revisionsOf(revisions, release);
  return {
    state: "absent",
    why:
      older === undefined
        ? `no revision runs ${image} yet`
        : `${older.name} runs ${image} and is not the newest revision`,
  };
}

/** What runs before the app must be the app's own image; other tools that change an app's image leave the migrator's. */
function judgeTemplate({ containers, initContainers }: RevisionFacts): Verdict | undefined {
  const app = containers.find(({ name }) => name === appContainerName);
  const migrate = initContainers.find(({ name }) => name === migrateContainerName);
  if (migrate?.image === app?.image) return undefined;
  return {
    state: "held",
    code: "images-differ",
    why:
      migrate === undefined
        ? `the revision has no init container '${migrateContainerName}': nothing migrates before the app starts`
        : `the migrator runs ${migrate.image} and the app ${app?.image}: something other than the stacks changed the app`,
  };
}

function judgeContainers(replicas: readonly ReplicaFacts[], maxRestarts: number): Verdict | undefined {
  for (const { name, initContainers, containers } of replicas) {
    const init = initContainers.find((container) => isCrashLooping(container, maxRestarts));
    if (init !== undefined) {
      const code = init.name === migrateContainerName ? "migrator-crash-loop" : "init-container-crash-loop";
      const why = `init container '${init.name}' ${describe(init)}, in replica ${name}`;
      return { state: "held", code, container: init.name, why };
    }
    const container = containers.find((container) => isCrashLooping(container, maxRestarts));
    if (container !== undefined) {
      return {
        state: "held",
        code: "app-crash-loop",
        container: container.name,
        why: `container '${container.name}' ${describe(container)}, in replica ${name}`,
      };
    }
  }
  return undefined;
}

function isCrashLooping({ ready, restarts, state }: ContainerFacts, maxRestarts: number): boolean {
  return !ready && state !== "Running" && restarts >= maxRestarts;
}

function describe({ restarts, details }: ContainerFacts): string {
  const times = restarts === 1 ? "once" : `${restarts} times`;
  return `failed and was restarted ${times}${details ? ` (${details.trim()})` : ""}`;
}

function judgeStates(revision: RevisionFacts): Verdict | undefined {
  const { name, active, provisioningState, provisioningError, runningState = "", runningStateDetails } = revision;
  const because = provisioningError ?? runningStateDetails;
  // First: once inactive, a revision that failed reads as healthy.
  if (!active) {
    return {
      state: "held",
      code: "revision-inactive",
      why: `${name} is inactive: a newer revision took its place, or somebody deactivated it`,
    };
  }
  if (provisioningState === "Failed") {
    return { state: "held", code: "provisioning-failed", why: `provisioning failed${because ? `: ${because}` : ""}` };
  }
  if (failedStates.has(runningState)) {
    return { state: "held", code: "activation-failed", why: `it is ${runningState}${because ? `: ${because}` : ""}` };
  }
  if (!isUp(revision)) {
    return { state: "waiting", why: describeStates(revision) };
  }
  return undefined;
}

function isUp({ provisioningState, healthState, runningState = "", replicas }: RevisionFacts): boolean {
  if (provisioningState !== "Provisioned") return false;
  // Nobody asks for it, so nothing runs: what could be checked was checked when it was provisioned.
  if (runningState === "ScaledToZero") return replicas === 0 && healthState !== "Unhealthy";
  return healthState === "Healthy" && runningStates.has(runningState);
}

function describeStates(revision: RevisionFacts): string {
  const { provisioningState, healthState, runningState, runningStateDetails } = revision;
  const states = [provisioningState, runningState, healthState === "None" ? "health unknown" : healthState];
  const known = states.filter((state) => state !== undefined && state !== "").join(", ");
  return `${known || "no state yet"}${runningStateDetails ? ` (${runningStateDetails})` : ""}`;
}

/** A revision that is up still has to be the last word on the app, and in single mode to get the requests. */
function judgePlace({ app }: GateFacts, revision: RevisionFacts, { redeployToken }: Release): Verdict {
  const { latestRevision, latestReadyRevision, changeState } = app;
  if (redeployToken === undefined && isChanging(app)) {
    return {
      state: "waiting",
      why: `up, but a change of the app is under way (${changeState}): a newer revision may follow`,
    };
  }
  if (isSingle(app) && latestRevision !== revision.name) {
    return { state: "waiting", why: `up, but Azure calls ${latestRevision ?? "no revision"} the newest` };
  }
  const isSwitched = latestReadyRevision === undefined || latestReadyRevision === revision.name;
  if (isSingle(app) && !isSwitched) {
    return { state: "waiting", why: `ready, but ${latestReadyRevision} still gets the requests` };
  }
  const running = revision.replicas === 0 ? "scaled to zero" : `${revision.replicas} running`;
  return { state: "open", why: `${describeStates(revision)}, ${running}` };
}

/** Until a change is accepted, the newest revision is the one before it. */
function isChanging({ changeState }: AppFacts): boolean {
  return changeState !== undefined && !settledStates.has(changeState);
}
