import { appContainerName, migrateContainerName } from "../../infra/container-names";
import type { ContainerFacts, GateFacts, ReplicaFacts, RevisionFacts } from "./facts";

/** What a release looks like. */
export interface Release {
  /** Image of app and migrator. */
  readonly image: string;
  /** Value of SCHEMAGATE_REDEPLOY, for a release that repeats an image. */
  readonly redeployToken?: string;
}

/** What one look says about the gate. */
export type Verdict =
  | { readonly state: "absent"; readonly why: string }
  | { readonly state: "waiting"; readonly why: string }
  | { readonly state: "open"; readonly why: string }
  | { readonly state: "held"; readonly code: HeldCode; readonly why: string };

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
const failedStates: ReadonlySet<string> = new Set(["Failed", "ActivationFailed"]);

/** The newest revision that runs the release: app container and, where there is one, redeploy token. */
export function findRevision(
  revisions: readonly RevisionFacts[],
  { image, redeployToken }: Release,
): RevisionFacts | undefined {
  const own = revisions.filter(({ containers }) => {
    const app = containers.find(({ name }) => name === appContainerName);
    return app?.image === image && (redeployToken === undefined || app.variables.SCHEMAGATE_REDEPLOY === redeployToken);
  });
  return [...own].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0];
}

/**
 * Judges one look at a release: open only when the revision of its image is up (INV-14).
 *
 * @param maxRestarts restarts after which a container that has never been ready counts as failed.
 */
export function judge(facts: GateFacts, { image }: Release, maxRestarts: number): Verdict {
  const { revision } = facts;
  if (revision === undefined) {
    return { state: "absent", why: `no revision runs ${image} yet` };
  }
  return (
    judgeTemplate(revision) ??
    judgeContainers(facts.replicas, maxRestarts) ??
    judgeStates(revision) ??
    judgeTraffic(facts, revision)
  );
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
      return { state: "held", code, why: `init container '${init.name}' ${describe(init)}, in replica ${name}` };
    }
    const container = containers.find((container) => isCrashLooping(container, maxRestarts));
    if (container !== undefined) {
      return {
        state: "held",
        code: "app-crash-loop",
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

/** In single mode a revision that is up still has to get the requests. */
function judgeTraffic({ app }: GateFacts, revision: RevisionFacts): Verdict {
  const { latestRevision, latestReadyRevision, revisionMode } = app;
  const isSwitched = latestReadyRevision === undefined || latestReadyRevision === revision.name;
  if (revisionMode === "Single" && latestRevision === revision.name && !isSwitched) {
    return { state: "waiting", why: `ready, but ${latestReadyRevision} still gets the requests` };
  }
  const running = revision.replicas === 0 ? "scaled to zero" : `${revision.replicas} running`;
  return { state: "open", why: `${describeStates(revision)}, ${running}` };
}
