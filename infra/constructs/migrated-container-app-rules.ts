import { ConfigurationError } from "../errors";
import { requireProps } from "./checks";
import { memoryFor, requireConsumptionPair, requireInitContainerFits } from "./consumption-resources";
import { requireValidContainers, resourcesOf } from "./containers";
import { requireOneDatabase, requireRoleNames } from "./database-access";
import { requireImageForm, requireImmutableImage } from "./image-reference";
import { appChecks } from "./migrated-container-app-checks";
import type { MigratedContainerAppProps } from "./migrated-container-app-props";
import { migratorResources } from "./migrator-container";
import { requireValidVolumes } from "./volumes";
import { chooseProfile, isConsumption, requireConsumptionProfile } from "./workload-profile";

/** Refuses props that Azure would refuse, or that contradict each other. */
export function requireValidApp(props: MigratedContainerAppProps, construct: string): void {
  requireProps(props, appChecks, construct);
  const { allowMutableTag = false, additionalContainers = [], additionalInitContainers = [] } = props;
  requireImageForm(props.image, construct);
  if (!allowMutableTag) requireImmutableImage(props.image, construct);
  requireOneDatabase(props, construct);
  requireTwoIdentities(props, construct);
  requireRoleNames(props, [props.identity, props.migratorIdentity], construct);
  requireNoIngressProps(props, construct);
  requireValidContainers([...additionalContainers, ...additionalInitContainers], allowMutableTag, construct);
  requireValidVolumes(props.volumes ?? [], allVolumeMounts(props), construct);
  requireRoom(props, construct);
}

/** With Entra the init container asks for a token, which only a Consumption profile gives it. */
export function chooseWorkloadProfile(props: MigratedContainerAppProps, construct: string): string | undefined {
  const { environment, workloadProfileName, database } = props;
  return database === undefined
    ? chooseProfile(environment, workloadProfileName, construct)
    : requireConsumptionProfile(environment, workloadProfileName, construct);
}

/** What the app's own container asks for. */
export function appResources({ cpu = 0.5, memory }: MigratedContainerAppProps) {
  return { cpu, memory: memory ?? memoryFor(cpu) };
}

/** Refuses sizes that the profile does not sell, and init containers that ask for more than the app's together. */
function requireRoom(props: MigratedContainerAppProps, construct: string): void {
  const { additionalContainers = [], additionalInitContainers = [], environment } = props;
  const containers = [appResources(props), ...additionalContainers.map(resourcesOf)];
  if (isConsumption(environment, chooseWorkloadProfile(props, construct))) {
    requireConsumptionPair(containers, construct);
  }
  const own = { cpu: "migrateCpu", memory: "migrateMemory" };
  requireInitContainerFits(migratorResources(props), containers, own, construct);
  for (const container of additionalInitContainers) {
    const named = { cpu: `${container.name}.cpu`, memory: `${container.name}.memory` };
    requireInitContainerFits(resourcesOf(container), containers, named, construct);
  }
}

/** The same identity under two props would be given its tokens under two rules, and one of them would win. */
function requireTwoIdentities({ identity, migratorIdentity }: MigratedContainerAppProps, construct: string): void {
  if (migratorIdentity === undefined || migratorIdentity.id !== identity.id) return;
  throw new ConfigurationError(
    `${construct}: 'migratorIdentity' (${migratorIdentity.name}) is 'identity' again. Leave it out: app and migrator then ` +
      "share that identity",
  );
}

/** Props that would say nothing, because no request reaches the app. */
function requireNoIngressProps(props: MigratedContainerAppProps, construct: string): void {
  if (props.ingress !== false) return;
  const names = [
    "externalIngress",
    "allowedAddresses",
    "deniedAddresses",
    "cors",
    "trafficWeights",
    "targetPort",
    "livenessPath",
    "readinessPath",
    "startupSeconds",
    "concurrentRequestsPerReplica",
  ] as const;
  const given = names.filter((name) => props[name] !== undefined);
  if (given.length === 0) return;
  throw new ConfigurationError(
    `${construct}: 'ingress' (false) goes without requests, and ${given.map((name) => `'${name}'`).join(", ")} say how to ` +
      "take them. Remove one or the other",
  );
}

function allVolumeMounts(props: MigratedContainerAppProps) {
  const containers = [...(props.additionalContainers ?? []), ...(props.additionalInitContainers ?? [])];
  return [
    ...(props.volumeMounts ?? []),
    ...(props.migrateVolumeMounts ?? []),
    ...containers.flatMap(({ volumeMounts = [] }) => volumeMounts),
  ];
}
