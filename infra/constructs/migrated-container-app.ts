import { ContainerApp } from "@cdktf/provider-azurerm/lib/container-app";
import { Construct } from "constructs";
import { appContainerName } from "../container-names";
import { toContainerBlock } from "./containers";
import { appDatabaseAccess, type DatabaseAccess, migratorDatabaseAccess } from "./database-access";
import { orderAfterNeeds } from "./deploy-order";
import { healthProbes } from "./health-probes";
import { IdentityLifecycle } from "./identity-lifecycle";
import { requirePullable } from "./image-pull";
import { createIngress } from "./ingress";
import { claimLedger } from "./ledger-claims";
import type { MigratedContainerAppProps } from "./migrated-container-app-props";
import { appResources, chooseWorkloadProfile, requireValidApp } from "./migrated-container-app-rules";
import { createMigratorContainer } from "./migrator-container";
import { settleReplicas } from "./replicas";
import { httpScaleRuleName, toScaleRules } from "./scale-rules";
import { type KeyVaultSecretReference, requireKnownSecrets, requireValidSecrets, toSecretBlocks } from "./secrets";
import { mergeVariables, toEnv } from "./variables";

const defaultPort = 8080;

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
    requireValidApp(props, construct);
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
  const { ingress = true, targetPort = defaultPort, workers = 1, redeployToken } = props;
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

function probes(props: MigratedContainerAppProps, port: number, construct: string) {
  const { livenessPath = "/health/live", readinessPath = "/health/ready", startupSeconds = 60 } = props;
  return healthProbes({ port, livenessPath, readinessPath, startupSeconds }, construct);
}

function ingressProps(props: MigratedContainerAppProps) {
  const { targetPort = defaultPort, externalIngress = false, revisionMode = "Single" } = props;
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
