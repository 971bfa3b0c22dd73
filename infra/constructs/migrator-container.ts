import { migrateContainerName } from "../container-names";
import { ConfigurationError } from "../errors";
import { type ContainerResources, memoryFor } from "./consumption-resources";
import type { DatabaseAccess } from "./database-access";
import type { MigratorProps } from "./migrator-props";
import { mergeVariables, toEnv, type Variables } from "./variables";

/** What the image runs when nobody says otherwise. */
export const defaultMigrateCommand = ["node", "dist/cli.js", "up"] as const;

/** The container that runs the migrator, in an init container or in a job. */
export function createMigratorContainer(
  image: string,
  props: MigratorProps,
  access: DatabaseAccess,
  construct: string,
  commandProp = "migrateCommand",
) {
  requireCommand(props, image, commandProp, construct);
  const { variables, secretVariables } = access;
  const env = mergeVariables(
    { variables: { ...variables, ...optionVariables(props) }, secretVariables },
    {
      variables: props.migrateEnvironmentVariables ?? {},
      secretVariables: props.migrateSecretEnvironmentVariables ?? {},
    },
    { variables: "migrateEnvironmentVariables", secretVariables: "migrateSecretEnvironmentVariables" },
    construct,
  );
  return {
    name: migrateContainerName,
    image,
    command: [...(props.migrateCommand ?? defaultMigrateCommand)],
    // Always stated: azurerm sends 0 for what is left out, and the service's defaults break later updates.
    ...migratorResources(props),
    env: toEnv(env),
  };
}

export function migratorResources(props: MigratorProps): ContainerResources {
  const cpu = props.migrateCpu ?? 0.25;
  return { cpu, memory: props.migrateMemory ?? memoryFor(cpu) };
}

/** Options of the migrator as the environment variables it reads, leaving out what is not set. */
function optionVariables(props: MigratorProps): Variables {
  const options = {
    SCHEMAGATE_LOCK_WAIT: props.lockWaitSeconds,
    SCHEMAGATE_CONNECT_TIMEOUT: props.connectTimeoutSeconds,
    SCHEMAGATE_LOCK_TIMEOUT: props.lockTimeoutSeconds,
    SCHEMAGATE_STATEMENT_TIMEOUT: props.statementTimeoutSeconds,
    SCHEMAGATE_RETRIES: props.retries,
    SCHEMAGATE_AHEAD: props.aheadPolicy,
    SCHEMAGATE_OUT_OF_ORDER: props.outOfOrderPolicy,
    SCHEMAGATE_LEDGER_SCHEMA: props.ledgerSchema,
  };
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

/** An empty command would run the image's own, the app: it never ends, and nothing is migrated. */
function requireCommand({ migrateCommand }: MigratorProps, image: string, prop: string, construct: string): void {
  if (migrateCommand?.length !== 0) return;
  throw new ConfigurationError(
    `${construct}: '${prop}' (empty) would run what the image (${image}) starts by itself instead of the ` +
      "migrator. Name the migrator's command or leave it out",
  );
}
