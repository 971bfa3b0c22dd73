import type { Container, Replica, ReplicaContainer, Revision } from "@azure/arm-appcontainers";
import type { AppFacts, ContainerFacts, ReplicaFacts, RevisionFacts, TemplateContainer } from "../gate/facts";
import type { Azure } from "./azure";

/** Where a container app is. */
export interface AppAddress {
  readonly resourceGroup: string;
  readonly containerApp: string;
}

/** Reads the app itself. */
export async function readApp(azure: Azure, { resourceGroup, containerApp }: AppAddress): Promise<AppFacts> {
  const app = await azure.request(
    `container app ${containerApp} in resource group ${resourceGroup}`,
    ({ containerApps }, abortSignal) => containerApps.containerApps.get(resourceGroup, containerApp, { abortSignal }),
  );
  return {
    latestRevision: app.latestRevisionName,
    latestReadyRevision: app.latestReadyRevisionName || undefined,
    changeState: app.provisioningState,
    revisionMode: app.configuration?.activeRevisionsMode ?? "Single",
  };
}

/** Reads all revisions that Azure lists. */
export async function readRevisions(
  azure: Azure,
  { resourceGroup, containerApp }: AppAddress,
): Promise<RevisionFacts[]> {
  return azure.request(`revisions of ${containerApp}`, async ({ containerApps }, abortSignal) => {
    const details = new Map<string, string>();
    const revisions: Revision[] = [];
    const pages = containerApps.containerAppsRevisions.listRevisions(resourceGroup, containerApp, {
      abortSignal,
      onResponse: ({ bodyAsText }) => collectDetails(bodyAsText, details),
    });
    for await (const revision of pages) revisions.push(revision);
    return revisions.map((revision) => toRevisionFacts(revision, details));
  });
}

/** Reads one revision. */
export async function readRevision(
  azure: Azure,
  { resourceGroup, containerApp }: AppAddress,
  name: string,
): Promise<RevisionFacts> {
  return azure.request(`revision ${name} of ${containerApp}`, async ({ containerApps }, abortSignal) => {
    const details = new Map<string, string>();
    const revision = await containerApps.containerAppsRevisions.getRevision(resourceGroup, containerApp, name, {
      abortSignal,
      onResponse: ({ bodyAsText }) => collectDetails(`{"value":[${bodyAsText || "{}"}]}`, details),
    });
    return toRevisionFacts(revision, details);
  });
}

/** Reads the replicas of a revision. */
export async function readReplicas(
  azure: Azure,
  { resourceGroup, containerApp }: AppAddress,
  revision: string,
): Promise<ReplicaFacts[]> {
  const { value } = await azure.request(`replicas of ${revision}`, ({ containerApps }, abortSignal) =>
    containerApps.containerAppsRevisionReplicas.listReplicas(resourceGroup, containerApp, revision, { abortSignal }),
  );
  return value.map(toReplicaFacts);
}

/** Stops a revision, and with it its replicas' attempts to start. */
export async function deactivateRevision(
  azure: Azure,
  { resourceGroup, containerApp }: AppAddress,
  revision: string,
): Promise<void> {
  await azure.request(`revision ${revision}`, ({ containerApps }, abortSignal) =>
    containerApps.containerAppsRevisions.deactivateRevision(resourceGroup, containerApp, revision, { abortSignal }),
  );
}

/** The API answers with `runningStateDetails`, which its specification lacks and its client drops. */
function collectDetails(body: string | null | undefined, details: Map<string, string>): void {
  const { value = [] }: { value?: { name: string; properties?: { runningStateDetails?: string } }[] } = JSON.parse(
    body || "{}",
  );
  for (const { name, properties } of value) {
    if (properties?.runningStateDetails) details.set(name, properties.runningStateDetails);
  }
}

function toRevisionFacts(revision: Revision, details: ReadonlyMap<string, string>): RevisionFacts {
  const name = revision.name ?? "";
  return {
    name,
    createdAt: revision.createdTime ?? new Date(0),
    active: revision.active ?? false,
    replicas: revision.replicas ?? 0,
    provisioningState: revision.provisioningState,
    provisioningError: revision.provisioningError || undefined,
    healthState: revision.healthState,
    runningState: revision.runningState,
    runningStateDetails: details.get(name),
    containers: (revision.template?.containers ?? []).map(toTemplateContainer),
    initContainers: (revision.template?.initContainers ?? []).map(toTemplateContainer),
  };
}

function toTemplateContainer({ name = "", image = "", env = [] }: Pick<Container, "name" | "image" | "env">) {
  const variables = Object.fromEntries(
    env.flatMap((variable) => (variable.name ? [[variable.name, variable.value ?? ""]] : [])),
  );
  return { name, image, variables } satisfies TemplateContainer;
}

function toReplicaFacts({ name = "", containers = [], initContainers = [] }: Replica): ReplicaFacts {
  return {
    name,
    containers: (containers ?? []).map(toContainerFacts),
    initContainers: (initContainers ?? []).map(toContainerFacts),
  };
}

function toContainerFacts(container: ReplicaContainer): ContainerFacts {
  return {
    name: container.name ?? "",
    ready: container.ready ?? false,
    restarts: container.restartCount ?? 0,
    state: container.runningState,
    details: container.runningStateDetails || undefined,
  };
}
