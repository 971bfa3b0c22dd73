/** What the names of an environment are made of. */
interface Named {
  readonly project: string;
  readonly environment: string;
  /** Makes those unique that must be so in all of Azure. @default nothing */
  readonly nameSuffix?: string;
}

interface Tagged extends Named {
  /** Further tags. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Ids of the stacks, in the order in which they are deployed. They are part of state keys and of the command line, and
 * never name the environment, so that environments can be compared address by address.
 */
export const stackIds = ["platform", "jobs", "app"] as const;

export type StackId = (typeof stackIds)[number];

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
    /** Also the name of its role in PostgreSQL. */
    migratorIdentity: `id-${base}-migrator`,
    databaseAdminIdentity: `id-${base}-db-admin`,
    // At most 32 characters, which leaves no room for the environment; the resource group says which one it is.
    bootstrapJob: `caj-${project}-bootstrap`,
    migrationJob: `caj-${project}-migrate`,
    /** First part of the names of alert rules and their action group. */
    gateAlert: base,
    /** Registry names have no hyphens and are unique in all of Azure. */
    registry: `cr${unique}`.replaceAll("-", ""),
    /** Unique in all of Azure. */
    postgresServer: `psql-${unique}`,
    privateDnsZone: `${unique}.private.postgres.database.azure.com`,
  } as const;
}

/** Tags every resource carries; a setting cannot take the place of one of ours. */
export function resourceTags({ project, environment, tags }: Tagged): Record<string, string> {
  return { ...tags, project, environment, "managed-by": "cdktf" };
}

/** The image that a release runs unless it names another: the settings' repository in the platform's registry. */
export function defaultImage(
  settings: { readonly image: { readonly repository: string } },
  loginServer: string,
  tag: string,
): string {
  return `${loginServer}/${settings.image.repository}:${tag}`;
}

/** Name of a stack's state blob. The environment is in here, so it is not in stack ids or resource addresses. */
export function stateKey({ project, environment }: Named, stackId: string): string {
  return `${project}/${environment}/${stackId}.tfstate`;
}
