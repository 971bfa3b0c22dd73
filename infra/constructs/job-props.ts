import type { DatabaseAccessProps } from "./database-access";
import type { MigratorProps } from "./migrator-props";
import type { KeyVaultSecretReference } from "./secrets";
import type { IWorkloadIdentity } from "./workload-identity";
import type { WorkloadProps } from "./workload-props";

/** What every job of the migrator's image takes. */
export interface JobProps extends WorkloadProps, Omit<MigratorProps, "migrateCommand"> {
  /**
   * The migrator in the image, without its arguments: those are the only part that a run may replace.
   * @default ["node", "dist/cli.js"]
   */
  readonly command?: readonly string[];

  /** User-assigned identity that the job runs as; its name is its role in the database. */
  readonly identity: IWorkloadIdentity;

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
