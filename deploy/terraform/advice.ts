import type { ResourceChange } from "./plan";

const putBackNames = "its name is made of 'project' and 'environment': put them back";
const putBackSuffix = "its name is made of 'project', 'environment' and 'nameSuffix': put them back";
const putBackLocation = "it stays in its region ('location'): put it back, and make another environment there";
const newServer = "put it back, or move to a new server with pg_dump and pg_restore";

/** What Azure answers with a new resource, and what to do instead: by kind of resource and its argument. */
const instead: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  azurerm_resource_group: { name: putBackNames, location: putBackLocation },
  azurerm_virtual_network: { name: putBackNames, location: putBackLocation },
  azurerm_log_analytics_workspace: { name: putBackNames, location: putBackLocation },
  azurerm_private_dns_zone: { name: putBackSuffix },
  azurerm_container_registry: {
    name: `${putBackSuffix}, or copy its images with 'az acr import --source …'`,
    location: putBackLocation,
  },
  azurerm_container_app: { name: putBackNames },
  azurerm_container_app_environment: {
    name: putBackNames,
    infrastructure_resource_group_name: putBackNames,
    location: putBackLocation,
    zone_redundancy_enabled:
      "it is spread over zones, or not, from its creation on ('production'): put it back, or make another environment " +
      "and move the requests there",
    infrastructure_subnet_id: "it stays in its subnet (network.containerAppsSubnet): put it back",
    internal_load_balancer_enabled: "it is internal, or not, from its creation on: put it back",
  },
  azurerm_postgresql_flexible_server: {
    name: `${putBackSuffix}, or move to a new server with pg_dump and pg_restore`,
    location: `${putBackLocation}; a geo-redundant backup can be restored in the paired region`,
    geo_redundant_backup_enabled: `postgres.geoRedundantBackup is chosen when a server is created: ${newServer}`,
    version: `a major version only goes up (postgres.version): ${newServer}`,
    storage_mb: `a disk never shrinks (postgres.storageMb): ${newServer}`,
    delegated_subnet_id: `it stays in its subnet (network.postgresSubnet): ${newServer}`,
  },
  azurerm_postgresql_flexible_server_database: {
    name:
      "postgres.databaseName: put it back; a second database beside it is filled with pg_dump and pg_restore, or the first " +
      "renamed (ALTER DATABASE … RENAME TO) and taken into the state with 'terraform state rm <address>' and 'terraform import <address> <id>'",
  },
  azurerm_user_assigned_identity: {
    name: `${putBackNames}; it is a role in PostgreSQL too, which owns tables`,
    location: putBackLocation,
  },
};

/** What holds for a kind of resource whatever the reason is. */
const always: Readonly<Record<string, string>> = {
  azurerm_user_assigned_identity:
    "jobs and app may still run as it, and its role in PostgreSQL may own tables: deploy the stacks 'jobs' and 'app' with " +
    "the new settings first, hand the tables over with REASSIGN OWNED, then take it away",
};

/** @returns how to get what was wanted without losing the resource, where somebody knows. */
export function adviceFor({ address, type, change, action_reason }: ResourceChange): string | undefined {
  if (action_reason === "replace_because_tainted") {
    return `where Azure shows it as it should be, 'terraform untaint ${address}' in the stack's directory, and the same command again`;
  }
  const named = (change.replace_paths ?? []).map(([argument]) => instead[type]?.[String(argument)]);
  return named.find((advice) => advice !== undefined) ?? always[type];
}

/** Whether somebody knows what to do instead of changing an argument. */
export function hasAdvice(type: string, argument: string): boolean {
  return instead[type]?.[argument] !== undefined;
}
