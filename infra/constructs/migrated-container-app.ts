import { ContainerApp } from "@cdktf/provider-azurerm/lib/container-app";
import { Construct } from "constructs";
import { appContainerName } from "../container-names";
import { ConfigurationError } from "../errors";
import { requireProps } from "./checks";
import { memoryFor, requireConsumptionPair, requireInitContainerFits } from "./consumption-resources";
import { requireValidContainers, resourcesOf, toContainerBlock } from "./containers";
import {
  appDatabaseAccess,
  type DatabaseAccess,
  migratorDatabaseAccess,
  requireOneDatabase,
  requireRoleNames,
} from "./database-access";
import { orderAfterNeeds } from "./deploy-order";
import { healthProbes } from "./health-probes";
import { IdentityLifecycle } from "./identity-lifecycle";
import { requirePullable } from "./image-pull";
import { requireImageForm, requireImmutableImage } from "./image-reference";
import { createIngress } from "./ingress";
import { claimLedger } from "./ledger-claims";
import { appChecks } from "./migrated-container-app-checks";
import type { MigratedContainerAppProps } from "./migrated-container-app-props";
import { createMigratorContainer, migratorResources } from "./migrator-container";
import { settleReplicas } from "./replicas";
import { httpScaleRuleName, toScaleRules } from "./scale-rules";
import { type KeyVaultSecretReference, requireKnownSecrets, requireValidSecrets, toSecretBlocks } from "./secrets";
import { mergeVariables, toEnv } from "./variables";
import { requireValidVolumes } from "./volumes";
import { chooseProfile, isConsumption, requireConsumptionProfile } from "./workload-profile";

const defaults = { targetPort: 8080, cpu: 0.5 } as const;

/** Both sides' way to the database, and all secrets of the app. */
interface Access {
  readonly app: DatabaseAccess;
  readonly migrator: DatabaseAccess;
  readonly secrets: readonly KeyVaultSecretReference[];
}

/**
 * A container app that never starts on a schema its migrations did not reach: the migrator runs as an init container,
 * first unless told otherwise, from the same image, in the same network. There is one `image` prop, so the two cannot
 * differ.
 *
 * What it has no prop for, `resource` takes: `app.resource.addOverride("template.container.0.…", value)`.
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
 * });
 */
export class MigratedContainerApp extends Construct {
  /** The image that app and init container run. */
  readonly image: string;
  /** Host name that the app answers under; empty without ingress. */
  readonly fqdn: string;
  /** The resource itself, for what this construct has no prop for. */
  readonly resource: ContainerApp;

  constructor(scope: Construct, id: string, props: MigratedContainerAppProps) {
    super(scope, id);
    const construct = this.node.path;
    requireValidProps(props, construct);
    requirePullable(this, {
      ...props,
      containers: [...(props.additionalContainers ?? []), ...(props.additionalInitContainers ?? [])],
    });
    const access = settleAccess(props, construct);
    this.image = props.image;
    claimLedger(this, {
      ...props,
      databaseUrl: props.migrateDatabaseUrl ?? props.databaseUrl,
      migrator: props.migratorIdentity ?? props.identity,
      variables: props.migrateEnvironmentVariables,
      command: props.migrateCommand,
    });

    this.resource = new ContainerApp(this, "container-app", {
      name: props.name,
      resourceGroupName: props.resourceGroupName,
      containerAppEnvironmentId: props.environment.id,
      // Stated: left out, each plan shows a change.
      workloadProfileName: chooseWorkloadProfile(props, construct),
      revisionMode: props.revisionMode ?? "Single",
      // Left out, azurerm sends 0 and no revision is left to go back to.
      maxInactiveRevisions: props.maxInactiveRevisions ?? 10,
      identity: { type: "UserAssigned", identityIds: identityIds(props, access) },
      registry: registries(props),
      secret: access.secrets.length === 0 ? undefined : toSecretBlocks(access.secrets, props.identity.id),
      template: createTemplate(props, access, construct),
      ingress: props.ingress === false ? undefined : createIngress(ingressProps(props), construct),
      tags: props.tags,
      dependsOn: orderAfterNeeds(this, {
        ...props,
        identities: [props.identity, props.migratorIdentity],
        identityIds: [...(props.registries ?? []), ...access.secrets].map(({ identityId }) => identityId),
      }),
    });
    this.fqdn = props.ingress === false ? "" : hostName(this.resource, props);
    if (props.restrictIdentities) {
      new IdentityLifecycle(this, "identity-lifecycle", {
        containerApp: this.resource,
        identityId: props.identity.id,
        migratorIdentityId: props.migratorIdentity?.id,
        hasSecrets: access.secrets.length > 0,
      });
    }
  }
}

function requireValidProps(props: MigratedContainerAppProps, construct: string): void {
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

/** Settles who reaches the database how, and refuses secrets that nothing holds. */
function settleAccess(props: MigratedContainerAppProps, construct: string): Access {
  const app = appDatabaseAccess(props, props.identity);
  const migrator = migratorDatabaseAccess(props, props.migratorIdentity ?? props.identity);
  const own = new Map([...app.secrets, ...migrator.secrets].map((secret) => [secret.name, secret]));
  const secrets = [...own.values(), ...(props.secrets ?? [])];
  requireValidSecrets(secrets, construct);
  const containers = [...(props.additionalContainers ?? []), ...(props.additionalInitContainers ?? [])];
  for (const [prop, variables = {}] of [
    ["secretEnvironmentVariables", props.secretEnvironmentVariables],
    ["migrateSecretEnvironmentVariables", props.migrateSecretEnvironmentVariables],
    ...containers.map(({ name, secretEnvironmentVariables }) => [name, secretEnvironmentVariables] as const),
  ] as const) {
    requireKnownSecrets(prop, variables, secrets, construct);
  }
  return { app, migrator, secrets };
}

function createTemplate(props: MigratedContainerAppProps, access: Access, construct: string) {
  const { volumes, ingress = true, concurrentRequestsPerReplica = 50, customScaleRules = [] } = props;
  return {
    initContainer: createInitContainers(props, access, construct),
    container: [
      createAppContainer(props, access.app, construct),
      ...(props.additionalContainers ?? []).map(toContainerBlock),
    ],
    volume: volumes?.map((volume) => ({ ...volume })),
    revisionSuffix: props.revisionSuffix,
    ...settleReplicas({ ...props, ingress, customScaleRules }, construct),
    // Both as the service fills them in.
    cooldownPeriodInSeconds: 300,
    pollingIntervalInSeconds: 30,
    terminationGracePeriodSeconds: props.terminationGraceSeconds ?? 30,
    httpScaleRule: ingress
      ? [{ name: httpScaleRuleName, concurrentRequests: String(concurrentRequestsPerReplica) }]
      : undefined,
    customScaleRule:
      customScaleRules.length === 0 ? undefined : toScaleRules(customScaleRules, access.secrets, construct),
  };
}

/** The migrator first, unless a container says that it goes before, and with the app's image (INV-1). */
function createInitContainers(props: MigratedContainerAppProps, access: Access, construct: string) {
  const others = props.additionalInitContainers ?? [];
  const migrate = {
    ...createMigratorContainer(props.image, props, access.migrator, construct),
    volumeMounts: props.migrateVolumeMounts?.map((mount) => ({ ...mount })),
  };
  return [
    ...others.filter(({ beforeMigrator }) => beforeMigrator).map(toContainerBlock),
    migrate,
    ...others.filter(({ beforeMigrator }) => !beforeMigrator).map(toContainerBlock),
  ];
}

function createAppContainer(props: MigratedContainerAppProps, access: DatabaseAccess, construct: string) {
  const { ingress = true, targetPort = defaults.targetPort, workers = 1, redeployToken } = props;
  const { variables, secretVariables } = access;
  const env = mergeVariables(
    {
      variables: {
        ...variables,
        ...(ingress ? { HOST: "0.0.0.0", PORT: String(targetPort) } : {}),
        WEB_CONCURRENCY: String(workers),
        ...(redeployToken === undefined ? {} : { SCHEMAGATE_REDEPLOY: redeployToken }),
      },
      secretVariables,
    },
    { variables: props.environmentVariables ?? {}, secretVariables: props.secretEnvironmentVariables ?? {} },
    { variables: "environmentVariables", secretVariables: "secretEnvironmentVariables" },
    construct,
  );
  return {
    name: appContainerName,
    image: props.image,
    command: props.command && [...props.command],
    args: props.args && [...props.args],
    ...appResources(props),
    env: toEnv(env),
    volumeMounts: props.volumeMounts?.map((mount) => ({ ...mount })),
    ...(ingress ? probes(props, targetPort, construct) : {}),
  };
}

function appResources({ cpu = defaults.cpu, memory }: MigratedContainerAppProps) {
  return { cpu, memory: memory ?? memoryFor(cpu) };
}

function probes(props: MigratedContainerAppProps, port: number, construct: string) {
  const { livenessPath = "/health/live", readinessPath = "/health/ready", startupSeconds = 60 } = props;
  return healthProbes({ port, livenessPath, readinessPath, startupSeconds }, construct);
}

function ingressProps(props: MigratedContainerAppProps) {
  const { targetPort = defaults.targetPort, externalIngress = false, revisionMode = "Single" } = props;
  const { allowedAddresses = [], deniedAddresses = [], cors, trafficWeights } = props;
  return {
    targetPort,
    external: externalIngress,
    allowedAddresses,
    deniedAddresses,
    cors,
    revisionMode,
    trafficWeights,
  };
}

/** Every identity that the app may ask tokens of, pull or read secrets with; each once. */
function identityIds(props: MigratedContainerAppProps, { secrets }: Access): string[] {
  const others = [
    props.migratorIdentity?.id,
    ...(props.registries ?? []).map(({ identityId }) => identityId),
    ...secrets.map(({ identityId }) => identityId),
  ];
  return [...new Set([props.identity.id, ...others.filter((id) => id !== undefined)])];
}

function registries({ registryServer, registries = [], identity }: MigratedContainerAppProps) {
  const all = registryServer === undefined ? registries : [{ server: registryServer }, ...registries];
  if (all.length === 0) return undefined;
  return all.map(({ server, identityId }: { server: string; identityId?: string }) => ({
    server,
    identity: identityId ?? identity.id,
  }));
}

/** With Entra the init container asks for a token, which only a Consumption profile gives it. */
function chooseWorkloadProfile(props: MigratedContainerAppProps, construct: string): string | undefined {
  const { environment, workloadProfileName, database } = props;
  return database === undefined
    ? chooseProfile(environment, workloadProfileName, construct)
    : requireConsumptionProfile(environment, workloadProfileName, construct);
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

/**
 * Put together where it can be: what Terraform remembers of it is the old one after `externalIngress` changed.
 */
function hostName(
  { name, ingress }: ContainerApp,
  { environment, externalIngress }: MigratedContainerAppProps,
): string {
  if (environment.defaultDomain === undefined) return ingress.fqdn;
  return `${name}${externalIngress ? "" : ".internal"}.${environment.defaultDomain}`;
}
