import { command, identity, jobName } from "./azure-checks";
import { type ChecksOf, optional, wholeNumber } from "./checks";
import type { JobProps, MigrationJobProps } from "./job-props";
import { databaseAccessChecks, migratorChecks, secrets, workloadChecks } from "./workload-checks";

const { migrateCommand: _, ...jobMigratorChecks } = migratorChecks;

export const jobChecks: Omit<ChecksOf<JobProps>, "identity"> = {
  ...workloadChecks,
  ...jobMigratorChecks,
  name: jobName,
  command: optional(command),
  timeoutSeconds: optional(wholeNumber(1, undefined, "the service takes nothing else. Choose one")),
  retryLimit: optional(wholeNumber(0, undefined, "the service takes nothing else. Choose one")),
};

export const migrationJobChecks: ChecksOf<MigrationJobProps> = {
  ...jobChecks,
  ...databaseAccessChecks,
  identity,
  args: optional(command),
  secrets: optional(secrets),
};
