import { ContainerAppJob } from "@cdktf/provider-azurerm/lib/container-app-job";
import { type TerraformResource, Token } from "cdktf";
import { Construct } from "constructs";
import { ConfigurationError } from "../errors";
import { requireConsumptionPair } from "./consumption-resources";
import type { IContainerEnvironment } from "./container-environment";
import {
  type DatabaseAccess,
  type DatabaseAccessProps,
  migratorDatabaseAccess,
  requireOneDatabase,
} from "./database-access";
import { orderAfter } from "./deploy-order";
import { requireImmutableImage } from "./image-reference";
import { createMigratorContainer, migratorResources } from "./migrator-container";
import type { MigratorProps } from "./migrator-props";
import { type KeyVaultSecretReference, requireKnownSecrets, requireValidSecrets, toSecretBlocks } from "./secrets";
import type { IWorkloadIdentity } from "./workload-identity";
import { chooseProfile, isConsumption } from "./workload-profile";

/** What every job of the migrator's image takes. */
export interface JobProps extends Omit<MigratorProps, "migrateCommand"> {
  /** Name of the job: at most 32 lower case letters, digits and hyphens. */
  readonly name: string;
  readonly resourceGroupName: string;

  /** Where the job runs: any kind of environment, since identities work in a job's container everywhere. */
  readonly environment: IContainerEnvironment;

  /**
   * Workload profile to run on.
   * @default - the environment's first Consumption profile, else its first
   */
  readonly workloadProfileName?: string;

  /** The app's image, with a version or a digest. */
  readonly image: string;

  /**
   * Accept an image without a tag or with `latest`.
   * @default false
   */
  readonly allowMutableTag?: boolean;

  /**
   * Registry that the identity pulls the image from.
   * @default - the image is public
   */
  readonly registryServer?: string;

  /**
   * The migrator in the image, without its arguments: those are the only part that a run may replace.
   * @default ["node", "dist/cli.js"]
   */
  readonly command?: readonly string[];

  /** User-assigned identity that the job runs as; its name is its role in the database. */
  readonly identity: IWorkloadIdentity;

  /**
   * What must exist before the job: role assignments of the identity, the database and its administrator. A resource of
   * another stack puts that whole stack first.
   * @default - only what the other props refer to
   */
  readonly deployAfter?: readonly TerraformResource[];

  /**
   * How long one run may take before it is stopped.
   * @default 14400 (4 hours)
   */
  readonly timeoutSeconds?: number;

  /**
   * How often a run that failed is started again by itself. The migrator repeats what is worth repeating; whoever starts
   * the job decides about the rest.
   * @default 0
   */
  readonly retryLimit?: number;

  /** @default - none */
  readonly tags?: Record<string, string>;
}

export interface MigrationJobProps extends JobProps, DatabaseAccessProps {
  /**
   * What the migrator does when a run does not say.
   * @default ["up"]
   */
  readonly args?: readonly string[];

  /**
   * Secrets of the job, read from Key Vaults by identity.
   * @default - none
   */
  readonly secrets?: readonly KeyVaultSecretReference[];
}

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
    requireOneDatabase(props, construct);
    requireValidJob(props, construct);
    const access = migratorDatabaseAccess(props, props.identity);
    const secrets = [...access.secrets, ...(props.secrets ?? [])];
    requireValidSecrets(secrets, construct);
    const fromSecrets = props.migrateSecretEnvironmentVariables ?? {};
    requireKnownSecrets("migrateSecretEnvironmentVariables", fromSecrets, secrets, construct);

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
      dependsOn: orderAfter(this, props.deployAfter ?? []),
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
  if (!props.allowMutableTag) requireImmutableImage(props.image, construct);
  const profile = chooseProfile(props.environment, props.workloadProfileName, construct);
  if (isConsumption(props.environment, profile)) {
    requireConsumptionPair([migratorResources(props)], construct, { cpu: "migrateCpu", memory: "migrateMemory" });
  }
  requireAtLeast("timeoutSeconds", props.timeoutSeconds, 1, construct);
  requireAtLeast("retryLimit", props.retryLimit, 0, construct);
}

function requireAtLeast(prop: string, value: number | undefined, least: number, construct: string): void {
  if (value === undefined || Token.isUnresolved(value) || (Number.isInteger(value) && value >= least)) return;
  throw new ConfigurationError(
    `${construct}: '${prop}' (${value}) must be a whole number from ${least}: the service takes nothing else. Choose one`,
  );
}

function identityIds(identity: IWorkloadIdentity, secrets: readonly KeyVaultSecretReference[]): string[] {
  return [...new Set([identity.id, ...secrets.flatMap(({ identityId }) => identityId ?? [])])];
}

function registryOf({ registryServer, identity }: JobProps) {
  return registryServer === undefined ? undefined : [{ server: registryServer, identity: identity.id }];
}
