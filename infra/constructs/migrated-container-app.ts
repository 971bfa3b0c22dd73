import { ContainerApp } from "@cdktf/provider-azurerm/lib/container-app";
import { type TerraformResource, TerraformStack, Token } from "cdktf";
import { Construct } from "constructs";
import { ConfigurationError } from "../errors";
import {
  type ContainerResources,
  memoryFor,
  requireConsumptionPair,
  requireInitContainerFits,
} from "./consumption-resources";
import { consumptionProfile } from "./container-environment";
import {
  databaseVariables,
  migratorVariables,
  requireFreeNames,
  toEnv,
  type Variables,
} from "./container-environment-variables";
import { type HealthProbes, healthProbes } from "./health-probes";
import { requireImmutableImage } from "./image-reference";
import type { MigratedContainerAppProps } from "./migrated-container-app-props";

/** Name of the init container that runs the migrations, and of the container that runs the app. */
export const migrateContainerName = "migrate";
export const appContainerName = "app";

/** What the image runs when nobody says otherwise. */
export const defaultMigrateCommand = ["node", "dist/cli.js", "up"] as const;

/**
 * A container app that never starts on a schema its migrations did not reach: the migrator runs as its first init
 * container, from the same image, in the same network, as the same identity. There is one `image` prop, so the two
 * cannot differ.
 *
 * @example
 * new MigratedContainerApp(this, "app", {
 *   name: "ca-shop-dev",
 *   resourceGroupName: group.name,
 *   environment,
 *   image: `${registry.loginServer}/shop:1.4.0`,
 *   registryServer: registry.loginServer,
 *   identity,
 *   database: postgres,
 *   command: ["node", "dist/app.js"],
 *   deployAfter: [postgres.administrator, postgres.database],
 * });
 */
export class MigratedContainerApp extends Construct {
  /** The image that app and init container run. */
  readonly image: string;
  /** Host name that the app answers under. */
  readonly fqdn: string;
  /** The resource itself, for what this construct has no prop for. */
  readonly resource: ContainerApp;

  constructor(scope: Construct, id: string, props: MigratedContainerAppProps) {
    super(scope, id);
    const construct = this.node.path;
    if (!props.allowMutableTag) requireImmutableImage(props.image, construct);
    requireReplicas(props, construct);
    requireMigrateCommand(props, construct);
    this.image = props.image;

    this.resource = new ContainerApp(this, "container-app", {
      name: props.name,
      resourceGroupName: props.resourceGroupName,
      containerAppEnvironmentId: props.environment.id,
      // Stated: left out, each plan shows a change.
      workloadProfileName: requireConsumptionProfile(props, construct),
      revisionMode: "Single",
      // Left out, azurerm sends 0 and no revision is left to go back to.
      maxInactiveRevisions: props.maxInactiveRevisions ?? 10,
      identity: { type: "UserAssigned", identityIds: [props.identity.id] },
      registry:
        props.registryServer === undefined
          ? undefined
          : [{ server: props.registryServer, identity: props.identity.id }],
      // No revision_suffix: a fixed one never settles after the image changed.
      template: {
        ...createContainers(props, construct),
        minReplicas: props.minReplicas ?? defaults.minReplicas,
        maxReplicas: props.maxReplicas ?? defaults.maxReplicas,
        terminationGracePeriodSeconds: props.terminationGraceSeconds ?? 30,
        httpScaleRule: [{ name: "http", concurrentRequests: String(props.concurrentRequestsPerReplica ?? 50) }],
      },
      ingress: {
        targetPort: props.targetPort ?? defaults.targetPort,
        externalEnabled: props.externalIngress ?? false,
        allowInsecureConnections: false,
        transport: "auto",
        // All traffic to the newest revision, which gets it only once it is ready.
        trafficWeight: [{ latestRevision: true, percentage: 100 }],
      },
      tags: props.tags,
      dependsOn: orderAfter(this, props.deployAfter ?? []),
    });
    this.fqdn = this.resource.ingress.fqdn;
  }
}

const defaults = { minReplicas: 0, maxReplicas: 10, targetPort: 8080, cpu: 0.5 } as const;

/** Both containers, from one image. */
function createContainers(props: MigratedContainerAppProps, construct: string) {
  const app = appResources(props);
  const migrate = migrateResources(props);
  requireConsumptionPair([app], construct);
  requireInitContainerFits(migrate, [app], construct);
  const { image } = props;
  return {
    initContainer: [
      {
        name: migrateContainerName,
        image,
        command: [...(props.migrateCommand ?? defaultMigrateCommand)],
        // Always stated: azurerm sends 0 for what is left out, and the service's defaults break later updates.
        ...migrate,
        env: toEnv(migrateVariables(props, construct)),
      },
    ],
    container: [
      {
        name: appContainerName,
        image,
        command: props.command === undefined ? undefined : [...props.command],
        ...app,
        env: toEnv(appVariables(props, construct)),
        ...probes(props, construct),
      },
    ],
  };
}

function appResources(props: MigratedContainerAppProps): ContainerResources {
  const cpu = props.cpu ?? defaults.cpu;
  return { cpu, memory: props.memory ?? memoryFor(cpu) };
}

function migrateResources(props: MigratedContainerAppProps): ContainerResources {
  const cpu = props.migrateCpu ?? 0.25;
  return { cpu, memory: props.migrateMemory ?? memoryFor(cpu) };
}

function appVariables(props: MigratedContainerAppProps, construct: string): Variables {
  const own = {
    ...databaseVariables(props.database, props.identity),
    HOST: "0.0.0.0",
    PORT: String(props.targetPort ?? defaults.targetPort),
    WEB_CONCURRENCY: String(props.workers ?? 1),
  };
  const given = props.environmentVariables ?? {};
  requireFreeNames("environmentVariables", own, given, construct);
  return { ...own, ...given };
}

function migrateVariables(props: MigratedContainerAppProps, construct: string): Variables {
  requireWholeSeconds("lockWaitSeconds", props.lockWaitSeconds, construct);
  requireWholeSeconds("connectTimeoutSeconds", props.connectTimeoutSeconds, construct);
  const own = { ...databaseVariables(props.database, props.identity), ...migratorVariables(props) };
  const given = props.migrateEnvironmentVariables ?? {};
  requireFreeNames("migrateEnvironmentVariables", own, given, construct);
  return { ...own, ...given };
}

function probes(props: MigratedContainerAppProps, construct: string): HealthProbes {
  return healthProbes(
    {
      port: props.targetPort ?? defaults.targetPort,
      livenessPath: props.livenessPath ?? "/health/live",
      readinessPath: props.readinessPath ?? "/health/ready",
      startupSeconds: props.startupSeconds ?? 60,
    },
    construct,
  );
}

/**
 * The name of the profile to run on. Anywhere but on a Consumption profile the token endpoint refuses init containers,
 * and the migrator would restart for ever: better refused here than found out in production.
 */
function requireConsumptionProfile(props: MigratedContainerAppProps, construct: string): string {
  const { workloadProfiles } = props.environment;
  const known = workloadProfiles.map(({ name, type }) => `${name} (${type})`).join(", ") || "none";
  const why = "managed identities answer in init containers only on a Consumption workload profile";

  const consumption = workloadProfiles.filter(({ type }) => type === consumptionProfile.type);
  const [first] = consumption;
  if (first === undefined) {
    throw new ConfigurationError(
      `${construct}: 'environment' has no Consumption workload profile (its profiles: ${known}): ${why}. Create an ` +
        "environment with one, for instance with ContainerEnvironment; it cannot be added later",
    );
  }
  const chosen = props.workloadProfileName ?? first.name;
  if (!consumption.some(({ name }) => name === chosen)) {
    const type = workloadProfiles.find(({ name }) => name === chosen)?.type;
    const problem = type === undefined ? "is none of the environment's" : `is of type ${type}`;
    throw new ConfigurationError(
      `${construct}: 'workloadProfileName' (${chosen}) ${problem} (its profiles: ${known}): ${why}. ` +
        `Choose '${first.name}' or leave it out`,
    );
  }
  return chosen;
}

function requireReplicas(props: MigratedContainerAppProps, construct: string): void {
  const { minReplicas = defaults.minReplicas, maxReplicas = defaults.maxReplicas } = props;
  if (Token.isUnresolved(minReplicas) || Token.isUnresolved(maxReplicas)) return;
  if (minReplicas > maxReplicas) {
    throw new ConfigurationError(
      `${construct}: 'minReplicas' (${minReplicas}) must not be more than 'maxReplicas' (${maxReplicas}). Lower the ` +
        "first or raise the second",
    );
  }
}

/** An empty command would run the image's own, the app: it never ends, and nothing is migrated. */
function requireMigrateCommand({ migrateCommand, image }: MigratedContainerAppProps, construct: string): void {
  if (migrateCommand?.length !== 0) return;
  throw new ConfigurationError(
    `${construct}: 'migrateCommand' (empty) would run what the image (${image}) starts by itself instead of the ` +
      "migrator. Name the migrator's command or leave it out",
  );
}

function requireWholeSeconds(prop: string, seconds: number | undefined, construct: string): void {
  if (seconds === undefined || Token.isUnresolved(seconds) || (Number.isInteger(seconds) && seconds > 0)) return;
  throw new ConfigurationError(
    `${construct}: '${prop}' (${seconds}) must be a whole number of seconds above zero: the migrator takes nothing ` +
      "else. Write for instance 600",
  );
}

/**
 * Orders the app after other resources. Terraform's depends_on ends at the stack's border, so a resource of another
 * stack puts that whole stack first.
 */
function orderAfter(construct: Construct, resources: readonly TerraformResource[]): TerraformResource[] | undefined {
  const stack = TerraformStack.of(construct);
  for (const resource of resources) {
    if (resource.cdktfStack !== stack) stack.addDependency(resource.cdktfStack);
  }
  const own = resources.filter((resource) => resource.cdktfStack === stack);
  return own.length === 0 ? undefined : own;
}
