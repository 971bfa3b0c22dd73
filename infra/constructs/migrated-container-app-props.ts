import type { AdditionalContainer, AdditionalInitContainer } from "./containers";
import type { DatabaseAccessProps } from "./database-access";
import type { CorsPolicy, IpRestriction, TrafficWeight } from "./ingress";
import type { MigratorProps } from "./migrator-props";
import type { CustomScaleRule } from "./scale-rules";
import type { KeyVaultSecretReference, SecretVariables } from "./secrets";
import type { Variables } from "./variables";
import type { Volume, VolumeMount } from "./volumes";
import type { IWorkloadIdentity } from "./workload-identity";
import type { WorkloadProps } from "./workload-props";

/** A registry that images are pulled from, by identity. */
export interface RegistryAccess {
  /** Host name. */
  readonly server: string;
  /**
   * Resource id of the identity that pulls.
   * @default - the app's
   */
  readonly identityId?: string;
}

/** How an app runs behind its migrations: image, identities, database, containers, ingress and scaling. */
export interface MigratedContainerAppProps extends WorkloadProps, DatabaseAccessProps, MigratorProps {
  /**
   * Further registries, of additional containers' images.
   * @default - none
   */
  readonly registries?: readonly RegistryAccess[];

  /** User-assigned identity of the app; its name is the app's role in the database. */
  readonly identity: IWorkloadIdentity;

  /**
   * User-assigned identity of the migrator alone; its name is the migrator's role in the database. The app can then do
   * without the right to change the schema.
   * @default - shared: the app's
   */
  readonly migratorIdentity?: IWorkloadIdentity;

  /**
   * Refuse tokens of the migrator's identity to the app's containers, and of the app's identity to init containers
   * (`identitySettings`, through the azapi provider). Refused where the app has secrets: azapi's update would drop them.
   * @default false
   */
  readonly restrictIdentities?: boolean;

  /**
   * Command of the app.
   * @default - what the image says
   */
  readonly command?: readonly string[];

  /**
   * Arguments of the app's command.
   * @default - what the image says
   */
  readonly args?: readonly string[];

  /**
   * vCPU of the app's container. With those of `additionalContainers` 0.25 to 4 in steps of 0.25.
   * @default 0.5
   */
  readonly cpu?: number;

  /**
   * Memory of the app's container with its unit. The Consumption profile takes twice the vCPU in GiB and nothing else.
   * @default - twice `cpu` in GiB
   */
  readonly memory?: string;

  /**
   * Worker processes of the app (WEB_CONCURRENCY).
   * @default 1
   */
  readonly workers?: number;

  /**
   * Further environment variables of the app. Nothing secret: they are readable in state and portal.
   * @default - none
   */
  readonly environmentVariables?: Variables;

  /**
   * Environment variables of the app that come from `secrets`, by name.
   * @default - none
   */
  readonly secretEnvironmentVariables?: SecretVariables;

  /**
   * Containers that run beside the app's in each replica.
   * @default - none
   */
  readonly additionalContainers?: readonly AdditionalContainer[];

  /**
   * Further init containers. They run after the migrator unless they say otherwise.
   * @default - none
   */
  readonly additionalInitContainers?: readonly AdditionalInitContainer[];

  /**
   * Secrets of the app, read from Key Vaults by identity.
   * @default - none
   */
  readonly secrets?: readonly KeyVaultSecretReference[];

  /** @default - none */
  readonly volumes?: readonly Volume[];

  /**
   * Volumes that the app's container sees.
   * @default - none
   */
  readonly volumeMounts?: readonly VolumeMount[];

  /**
   * Volumes that the migrator sees.
   * @default - none
   */
  readonly migrateVolumeMounts?: readonly VolumeMount[];

  /**
   * Take requests at all. An app that only works off a queue has no ports and no probes.
   * @default true
   */
  readonly ingress?: boolean;

  /**
   * Port the app listens on (PORT) and is probed on.
   * @default 8080
   */
  readonly targetPort?: number;

  /**
   * Make the app reachable from outside its environment. Always over HTTPS only.
   * @default false
   */
  readonly externalIngress?: boolean;

  /**
   * The only addresses that may reach the app. Not together with `deniedAddresses`.
   * @default - everyone
   */
  readonly allowedAddresses?: readonly IpRestriction[];

  /**
   * Addresses that may not reach the app.
   * @default - none
   */
  readonly deniedAddresses?: readonly IpRestriction[];

  /**
   * What browsers on other sites may do.
   * @default - nothing
   */
  readonly cors?: CorsPolicy;

  /**
   * `Single`: a new revision gets all requests once it is ready, and until then the old one keeps them. `Multiple`:
   * several revisions run side by side with the weights given, whether or not they are ready.
   * @default "Single"
   */
  readonly revisionMode?: "Single" | "Multiple";

  /**
   * Shares of the requests, in `Multiple` mode.
   * @default - everything to the newest revision
   */
  readonly trafficWeights?: readonly TrafficWeight[];

  /**
   * Last part of the revision's name, for weights that name revisions. Must be another one with each change of the
   * template: Azure refuses a name that was there before, and a fixed one shows a change in each plan.
   * @default - Azure's own
   */
  readonly revisionSuffix?: string;

  /** @default "/health/live" */
  readonly livenessPath?: string;

  /** @default "/health/ready" */
  readonly readinessPath?: string;

  /**
   * How long the app may take to answer for the first time; migrations are over by then.
   * @default 60
   */
  readonly startupSeconds?: number;

  /**
   * How long the app may take to finish its requests when a replica is stopped.
   * @default 30
   */
  readonly terminationGraceSeconds?: number;

  /**
   * 0 scales to zero; each start from there runs the migrator once more, which finds nothing to do.
   * @default 0, or 1 when nothing could start the first replica: no `ingress`, and no `customScaleRules` but cpu and memory
   */
  readonly minReplicas?: number;

  /** @default 10 */
  readonly maxReplicas?: number;

  /**
   * Requests in flight at which another replica is started.
   * @default 50
   */
  readonly concurrentRequestsPerReplica?: number;

  /**
   * Further rules to scale by.
   * @default - none
   */
  readonly customScaleRules?: readonly CustomScaleRule[];

  /**
   * Revisions kept to go back to.
   * @default 10
   */
  readonly maxInactiveRevisions?: number;

  /**
   * Any text. A new one makes a new revision of the same image: after a deployment that Azure dropped, or for a secret's
   * new value.
   * @default - none
   */
  readonly redeployToken?: string;
}
