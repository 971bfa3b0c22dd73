import type { SecretVariables } from "./secrets";
import type { Variables } from "./variables";

/** How the migrator runs: the same in an init container and in a job. */
export interface MigratorProps {
  /**
   * Command of the migrator.
   * @default ["node", "dist/cli.js", "up"]
   */
  readonly migrateCommand?: readonly string[];

  /**
   * vCPU of the migrator. In an init container not more than the app's.
   * @default 0.25
   */
  readonly migrateCpu?: number;

  /**
   * Memory of the migrator with its unit. In an init container not more than the app's.
   * @default - twice `migrateCpu` in GiB
   */
  readonly migrateMemory?: string;

  /**
   * How long it waits for another replica's run to end (`--lock-wait`).
   * @default - the migrator's own, 600
   */
  readonly lockWaitSeconds?: number;

  /**
   * How long it tries to reach the database (`--connect-timeout`).
   * @default - the migrator's own, 120
   */
  readonly connectTimeoutSeconds?: number;

  /**
   * How long a statement may wait for a table's lock before its migration is rolled back and tried again
   * (`--lock-timeout`); 0 waits for ever.
   * @default - the migrator's own, 5
   */
  readonly lockTimeoutSeconds?: number;

  /**
   * How long a statement may take (`--statement-timeout`); 0 is without end.
   * @default - the migrator's own, 0
   */
  readonly statementTimeoutSeconds?: number;

  /**
   * How often a migration is tried again after a lock timeout, a deadlock or a serialization failure (`--retries`).
   * @default - the migrator's own, 5
   */
  readonly retries?: number;

  /**
   * What to do with a database that is ahead of the image (`--ahead`): `pass` or `refuse`.
   * @default - the migrator's own, pass
   */
  readonly aheadPolicy?: "pass" | "refuse";

  /**
   * What to do with a pending migration that is older than the newest applied one (`--out-of-order`): `refuse` or
   * `allow`.
   * @default - the migrator's own, refuse
   */
  readonly outOfOrderPolicy?: "refuse" | "allow";

  /**
   * Schema of the ledger's tables (`--ledger-schema`).
   * @default - the migrator's own, schemagate
   */
  readonly ledgerSchema?: string;

  /**
   * Further environment variables of the migrator. Nothing secret: they are readable in state and portal.
   * @default - none
   */
  readonly migrateEnvironmentVariables?: Variables;

  /**
   * Environment variables of the migrator that come from `secrets`, by name.
   * @default - none
   */
  readonly migrateSecretEnvironmentVariables?: SecretVariables;
}
