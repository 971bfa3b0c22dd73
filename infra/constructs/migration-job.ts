import { ContainerAppJob } from "@cdktf/provider-azurerm/lib/container-app-job";
import { Construct } from "constructs";
import { requireProps } from "./checks";
import { requireConsumptionPair } from "./consumption-resources";
import { type DatabaseAccess, migratorDatabaseAccess, requireOneDatabase, requireRoleNames } from "./database-access";
import { orderAfterNeeds } from "./deploy-order";
import { requirePullable } from "./image-pull";
import { requireImageForm, requireImmutableImage } from "./image-reference";
import { migrationJobChecks } from "./job-checks";
import type { JobProps, MigrationJobProps } from "./job-props";
import { claimLedger } from "./ledger-claims";
import { createMigratorContainer, migratorResources } from "./migrator-container";
import { type KeyVaultSecretReference, requireKnownSecrets, requireValidSecrets, toSecretBlocks } from "./secrets";
import type { IWorkloadIdentity } from "./workload-identity";
import { chooseProfile, isConsumption } from "./workload-profile";

/**
 * A job of the app's image, for what does not belong before every start: long data migrations, contract-phase migrations,
 * one-off commands. Nothing starts it but `npm run job -- <environment> <arguments>`, or another caller of the API.
 *
 * @example
 * new MigrationJob(this, "migration-job", {
 *   name: "caj-shop-migrate",
 *   resourceGroupName: group.name,
 *   environment,
 *   image: `${registry.loginServer}/shop:1.4.0`,
 *   registryServer: registry.loginServer,
 *   identity: migratorIdentity,
 *   database: postgres,
 * });
 */
export class MigrationJob extends Construct {
  /** The resource itself, for what this construct has no prop for. */
  readonly resource: ContainerAppJob;

  constructor(scope: Construct, id: string, props: MigrationJobProps) {
    super(scope, id);
    const construct = this.node.path;
    requireProps(props, migrationJobChecks, construct);
    requireOneDatabase(props, construct);
    requireRoleNames(props, [props.identity], construct);
    requireValidJob(props, construct);
    requirePullable(this, props);
    const access = migratorDatabaseAccess(props, props.identity);
    const secrets = [...access.secrets, ...(props.secrets ?? [])];
    requireValidSecrets(secrets, construct);
    const fromSecrets = props.migrateSecretEnvironmentVariables ?? {};
    requireKnownSecrets("migrateSecretEnvironmentVariables", fromSecrets, secrets, construct);

    claimLedger(this, {
      ...props,
      databaseUrl: props.migrateDatabaseUrl ?? props.databaseUrl,
      migrator: props.identity,
      variables: props.migrateEnvironmentVariables,
      command: [...(props.command ?? []), ...(props.args ?? [])],
    });

    this.resource = new ContainerAppJob(this, "job", {
      name: props.name,
      resourceGroupName: props.resourceGroupName,
      location: props.environment.location,
      containerAppEnvironmentId: props.environment.id,
      // Stated: left out, each plan shows a change.
      workloadProfileName: chooseProfile(props.environment, props.workloadProfileName, construct),
      replicaTimeoutInSeconds: props.timeoutSeconds ?? defaultTimeoutSeconds,
      replicaRetryLimit: props.retryLimit ?? 0,
      // One replica at a time: the lock would keep others waiting.
      manualTriggerConfig: { parallelism: 1, replicaCompletionCount: 1 },
      identity: { type: "UserAssigned", identityIds: identityIds(props.identity, secrets) },
      registry: registryOf(props),
      secret: secrets.length === 0 ? undefined : toSecretBlocks(secrets, props.identity.id),
      template: { container: [createContainer(props, access, construct)] },
      tags: props.tags,
      dependsOn: orderAfterNeeds(this, {
        ...props,
        identities: [props.identity],
        identityIds: secrets.map(({ identityId }) => identityId),
      }),
    });
  }
}

const defaultTimeoutSeconds = 14_400;

/** Command and arguments apart, so that whoever starts the job replaces the arguments alone. */
function createContainer(props: MigrationJobProps, access: DatabaseAccess, construct: string) {
  const { command = ["node", "dist/cli.js"], args = ["up"] } = props;
  const migrator = { ...props, migrateCommand: command };
  const container = createMigratorContainer(props.image, migrator, access, construct, "command");
  return { ...container, args: [...args] };
}

function requireValidJob(props: JobProps, construct: string): void {
  requireImageForm(props.image, construct);
  if (!props.allowMutableTag) requireImmutableImage(props.image, construct);
  const profile = chooseProfile(props.environment, props.workloadProfileName, construct);
  if (isConsumption(props.environment, profile)) {
    requireConsumptionPair([migratorResources(props)], construct, { cpu: "migrateCpu", memory: "migrateMemory" });
  }
}

function identityIds(identity: IWorkloadIdentity, secrets: readonly KeyVaultSecretReference[]): string[] {
  return [...new Set([identity.id, ...secrets.flatMap(({ identityId }) => identityId ?? [])])];
}

function registryOf({ registryServer, identity }: JobProps) {
  return registryServer === undefined ? undefined : [{ server: registryServer, identity: identity.id }];
}
