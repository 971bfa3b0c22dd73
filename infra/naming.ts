import type { ResolvedSettings } from "./environment-settings";

type Named = Pick<ResolvedSettings, "project" | "environment" | "nameSuffix">;

/**
 * Ids of the stacks, in the order in which they are deployed. They are part of state keys and of the command line, and
 * never name the environment, so that environments can be compared address by address.
 */
export const stackIds = ["platform", "app"] as const;

/** Names of everything in Azure: `<kind>-<project>-<environment>`, kinds as in Microsoft's abbreviation list. */
export function resourceNames({ project, environment, nameSuffix }: Named) {
  const base = `${project}-${environment}`;
  const unique = nameSuffix === undefined ? base : `${base}-${nameSuffix}`;
  return {
    resourceGroup: `rg-${base}`,
    /** Azure keeps the environment's own machinery here. */
    infrastructureResourceGroup: `rg-${base}-infrastructure`,
    virtualNetwork: `vnet-${base}`,
    containerAppsSubnet: "snet-container-apps",
    postgresSubnet: "snet-postgres",
    logWorkspace: `log-${base}`,
    containerEnvironment: `cae-${base}`,
    containerApp: `ca-${base}`,
    /** Also the name of its role in PostgreSQL. */
    appIdentity: `id-${base}-app`,
    databaseAdminIdentity: `id-${base}-db-admin`,
    /** Registry names have no hyphens and are unique in all of Azure. */
    registry: `cr${unique}`.replaceAll("-", ""),
    /** Unique in all of Azure. */
    postgresServer: `psql-${unique}`,
    privateDnsZone: `${unique}.private.postgres.database.azure.com`,
  } as const;
}

/** Tags every resource carries. */
export function resourceTags({ project, environment }: Named): Record<string, string> {
  return { project, environment, "managed-by": "cdktf" };
}

/** Name of a stack's state blob. The environment is in here, so it is not in stack ids or resource addresses. */
export function stateKey({ project, environment }: Named, stackId: string): string {
  return `${project}/${environment}/${stackId}.tfstate`;
}
