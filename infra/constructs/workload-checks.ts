import {
  command,
  database,
  databaseUrl,
  environment,
  identifierName,
  imageText,
  labelName,
  memory,
  optionalFlag,
  resourceGroupName,
  resources,
  secretVariables,
  someText,
  tags,
  variables,
} from "./azure-checks";
import {
  type Check,
  type ChecksOf,
  hiddenText,
  listOf,
  oneOf,
  optional,
  positiveNumber,
  shape,
  text,
  wholeNumber,
} from "./checks";
import type { DatabaseAccessProps } from "./database-access";
import type { MigratorProps } from "./migrator-props";
import type { KeyVaultSecretReference } from "./secrets";
import type { VolumeMount } from "./volumes";
import type { WorkloadProps } from "./workload-props";

/** A day, in seconds: the migrator takes no longer times. */
const longestWait = 86_400;
const seconds = (from: number) =>
  optional(wholeNumber(from, longestWait, "the migrator takes nothing else. Write for instance 600"));

export const cpu = positiveNumber("must be a number of vCPU above zero. Write for instance 0.5");

export const workloadChecks: Omit<ChecksOf<WorkloadProps>, "name"> = {
  resourceGroupName,
  environment,
  workloadProfileName: optional(someText),
  image: imageText,
  allowMutableTag: optionalFlag,
  registryServer: optional(imageText),
  deployAfter: optional(resources),
  tags,
};

export const migratorChecks: ChecksOf<MigratorProps> = {
  migrateCommand: optional(command),
  migrateCpu: optional(cpu),
  migrateMemory: optional(memory),
  lockWaitSeconds: seconds(1),
  connectTimeoutSeconds: seconds(1),
  lockTimeoutSeconds: seconds(0),
  statementTimeoutSeconds: seconds(0),
  retries: optional(wholeNumber(0, 1_000_000, "the migrator takes nothing else. Write for instance 5")),
  aheadPolicy: optional(oneOf(["pass", "refuse"], "the migrator knows no other policy. Name one of them")),
  outOfOrderPolicy: optional(oneOf(["refuse", "allow"], "the migrator knows no other policy. Name one of them")),
  ledgerSchema: optional(identifierName),
  migrateEnvironmentVariables: optional(variables),
  migrateSecretEnvironmentVariables: optional(secretVariables),
};

export const databaseAccessChecks: ChecksOf<DatabaseAccessProps> = {
  database: optional(database),
  databaseUrl: optional(databaseUrl),
  migrateDatabaseUrl: optional(databaseUrl),
};

export const secrets: Check = listOf(
  shape<KeyVaultSecretReference>({
    name: someText,
    keyVaultSecretId: hiddenText("must be the address of a secret in a Key Vault. Copy it from the secret"),
    identityId: optional(someText),
  }),
);

export const volumeMounts: Check = listOf(
  shape<VolumeMount>({
    name: labelName,
    path: text(/^\/[^:]*$/, "must be a path in the container, without a colon. Write for instance '/uploads'"),
    subPath: optional(
      text(
        /^(?!\/)(?!(.*\/)?\.\.(\/|$))[\s\S]+$/,
        "must be a folder of the volume, without a slash in front and without '..'. Write for instance 'shop'",
      ),
    ),
  }),
  { distinct: ["path"] },
);
