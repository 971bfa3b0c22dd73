import type { ContainerAppJob } from "@cdktf/provider-azurerm/lib/container-app-job";
import { Construct } from "constructs";
import { ConfigurationError } from "../errors";
import { database, identifierName, identity } from "./azure-checks";
import { type ChecksOf, optional, requireProps } from "./checks";
import { jobChecks } from "./job-checks";
import type { JobProps } from "./job-props";
import { claimSchemas } from "./ledger-claims";
import { MigrationJob } from "./migration-job";
import type { IPostgresDatabase } from "./private-postgres-props";
import { mergeVariables } from "./variables";
import type { IWorkloadIdentity } from "./workload-identity";

export interface BootstrapJobProps extends Omit<JobProps, "identity"> {
  /** The server's Entra administrator: an identity that nothing else runs as. */
  readonly administrator: IWorkloadIdentity;

  /** Database to prepare. */
  readonly database: IPostgresDatabase;

  /** Gets a role that owns the app's schema and the ledger's: it may change the schema. */
  readonly migratorIdentity: IWorkloadIdentity;

  /** Gets a role that reads and writes tables, and reads the ledger. May be the migrator's identity. */
  readonly appIdentity: IWorkloadIdentity;

  /**
   * Schema of the app's tables.
   * @default - the migrator's own, app
   */
  readonly schema?: string;
}

const bootstrapJobChecks: ChecksOf<BootstrapJobProps> = {
  ...jobChecks,
  administrator: identity,
  database,
  migratorIdentity: identity,
  appIdentity: identity,
  schema: optional(identifierName),
};

/**
 * A job that runs `bootstrap` inside the network, as the server's administrator: database roles for migrator and app, with
 * the rights each needs. It may run again at any time; what is as it should be stays.
 *
 * @example
 * new BootstrapJob(this, "bootstrap-job", {
 *   name: "caj-shop-bootstrap",
 *   resourceGroupName: group.name,
 *   environment,
 *   image: `${registry.loginServer}/shop:1.4.0`,
 *   registryServer: registry.loginServer,
 *   administrator: adminIdentity,
 *   database: postgres,
 *   migratorIdentity,
 *   appIdentity,
 * });
 */
export class BootstrapJob extends Construct {
  /** The resource itself, for what this construct has no prop for. */
  readonly resource: ContainerAppJob;

  constructor(scope: Construct, id: string, props: BootstrapJobProps) {
    super(scope, id);
    requireProps(props, bootstrapJobChecks, this.node.path);
    requireThreeParts(props, this.node.path);
    const { administrator, migratorIdentity, appIdentity, schema, timeoutSeconds = 900, ...rest } = props;
    claimSchemas(this, schema, {
      database: rest.database,
      migrator: migratorIdentity,
      ledgerSchema: rest.ledgerSchema,
      variables: rest.migrateEnvironmentVariables,
    });
    const roles = {
      SCHEMAGATE_MIGRATOR_ROLE: migratorIdentity.name,
      SCHEMAGATE_MIGRATOR_OBJECT_ID: migratorIdentity.principalId,
      SCHEMAGATE_APP_ROLE: appIdentity.name,
      SCHEMAGATE_APP_OBJECT_ID: appIdentity.principalId,
      ...(schema === undefined ? {} : { SCHEMAGATE_SCHEMA: schema }),
    };
    const named = { variables: "migrateEnvironmentVariables", secretVariables: "migrateSecretEnvironmentVariables" };
    const { variables } = mergeVariables(
      { variables: roles, secretVariables: {} },
      {
        variables: rest.migrateEnvironmentVariables ?? {},
        secretVariables: rest.migrateSecretEnvironmentVariables ?? {},
      },
      named,
      this.node.path,
    );
    const job = new MigrationJob(this, "Resource", {
      ...rest,
      timeoutSeconds,
      identity: administrator,
      args: ["bootstrap"],
      migrateEnvironmentVariables: variables,
    });
    this.resource = job.resource;
  }
}

/** Whoever administers the server owns nothing in it, and each role is one identity's. */
function requireThreeParts(props: BootstrapJobProps, construct: string): void {
  const { administrator, migratorIdentity, appIdentity } = props;
  for (const [prop, { id, name }] of Object.entries({ migratorIdentity, appIdentity })) {
    if (id !== administrator.id && name !== administrator.name) continue;
    throw new ConfigurationError(
      `${construct}: '${prop}' (${name}) is the administrator's identity: its role would own tables, and the server could ` +
        "not let go of it any more. Give the administrator an identity that nothing else runs as",
    );
  }
  if (migratorIdentity.name === appIdentity.name && migratorIdentity.id !== appIdentity.id) {
    throw new ConfigurationError(
      `${construct}: 'migratorIdentity' and 'appIdentity' are two identities of one name (${appIdentity.name}), which is ` +
        "also the name of their roles. Rename one",
    );
  }
}
