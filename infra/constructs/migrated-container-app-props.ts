import type { TerraformResource } from "cdktf";
import type { IContainerEnvironment } from "./container-environment";
import type { IPostgresDatabase } from "./private-postgres";
import type { IWorkloadIdentity } from "./workload-identity";

export interface MigratedContainerAppProps {
  /** Name of the container app: at most 32 lower case letters, digits and hyphens. */
  readonly name: string;
  readonly resourceGroupName: string;

  /** Where the app runs. Must have a Consumption workload profile. */
  readonly environment: IContainerEnvironment;

  /**
   * Workload profile to run on. Must be of type Consumption.
   * @default - the environment's first Consumption profile
   */
  readonly workloadProfileName?: string;

  /** Image that both the app and the migrator run, with a version or a digest. */
  readonly image: string;

  /**
   * Accept an image without a tag or with `latest`. Replicas that start later may then run other code than the revision
   * that passed the gate.
   * @default false
   */
  readonly allowMutableTag?: boolean;

  /**
   * Registry that the identity pulls the image from.
   * @default - the image is public
   */
  readonly registryServer?: string;

  /** User-assigned identity of app and migrator; its name is their role in the database. */
  readonly identity: IWorkloadIdentity;

  /** Database of app and migrator. */
  readonly database: IPostgresDatabase;

  /**
   * What must exist before the app: the identity's role assignment on the registry, the database and its administrator.
   * A resource of another stack puts that whole stack first.
   * @default - only what the other props refer to
   */
  readonly deployAfter?: readonly TerraformResource[];

  /**
   * Command of the app.
   * @default - what the image says
   */
  readonly command?: readonly string[];

  /**
   * vCPU of the app: 0.25 to 4 in steps of 0.25.
   * @default 0.5
   */
  readonly cpu?: number;

  /**
   * Memory of the app with its unit. The Consumption profile takes twice `cpu` in GiB and nothing else.
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
  readonly environmentVariables?: Readonly<Record<string, string>>;

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
   * @default 0
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
   * Revisions kept to go back to.
   * @default 10
   */
  readonly maxInactiveRevisions?: number;

  /**
   * Command of the migrator.
   * @default ["node", "dist/cli.js", "up"]
   */
  readonly migrateCommand?: readonly string[];

  /**
   * vCPU of the migrator; not more than the app's.
   * @default 0.25
   */
  readonly migrateCpu?: number;

  /**
   * Memory of the migrator with its unit; not more than the app's.
   * @default - twice `migrateCpu` in GiB
   */
  readonly migrateMemory?: string;

  /**
   * How long the migrator waits for another replica's run to end.
   * @default - the migrator's own
   */
  readonly lockWaitSeconds?: number;

  /**
   * How long the migrator tries to reach the database.
   * @default - the migrator's own
   */
  readonly connectTimeoutSeconds?: number;

  /**
   * Further environment variables of the migrator. Nothing secret: they are readable in state and portal.
   * @default - none
   */
  readonly migrateEnvironmentVariables?: Readonly<Record<string, string>>;

  /** @default - none */
  readonly tags?: Record<string, string>;
}
