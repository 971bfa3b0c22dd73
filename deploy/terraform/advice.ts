import type { ResourceChange } from "./plan";

/** What Azure answers with a new resource, and what to do instead: by kind of resource and its attribute. */
const instead: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  azurerm_postgresql_flexible_server: {
    geo_redundant_backup_enabled:
      "postgres.geoRedundantBackup is chosen when a server is created: put it back, or move to a new server with " +
      "pg_dump and pg_restore",
    version:
      "a server's major version only goes up (postgres.version): put it back, or move to a new server with pg_dump and " +
      "pg_restore",
    storage_mb: "a disk never shrinks (postgres.storageMb): put it back, or move to a new server",
    name: "the server's name is made of 'project', 'environment' and 'nameSuffix': put them back",
    location: "a server stays in its region ('location'): put it back, or restore a geo-redundant backup there",
    resource_group_name: "the group's name is made of 'project' and 'environment': put them back",
    delegated_subnet_id:
      "a server stays in the subnet it was created in (network.postgresSubnet): put it back, or move to a new server",
  },
  azurerm_postgresql_flexible_server_database: {
    name:
      "postgres.databaseName: put it back, and rename with ALTER DATABASE … RENAME TO plus 'terraform state rm' and " +
      "'terraform import', or fill a second database with pg_dump and pg_restore",
  },
  azurerm_container_app_environment: {
    zone_redundancy_enabled:
      "an environment is zone redundant from its creation on ('production'): put it back, or deploy a second environment " +
      "beside this one and move the traffic",
    infrastructure_subnet_id: "an environment stays in its subnet (network.containerAppsSubnet): put it back",
    internal_load_balancer_enabled: "an environment is internal or external from its creation on: put it back",
    infrastructure_resource_group_name: "its name is made of 'project' and 'environment': put them back",
    name: "the environment's name is made of 'project' and 'environment': put them back",
    location: "an environment stays in its region ('location'): put it back",
  },
  azurerm_container_registry: {
    name:
      "the registry's name is made of 'project', 'environment' and 'nameSuffix': put them back, or copy its images with " +
      "'az acr import'",
    location: "a registry stays in its region ('location'): put it back",
    zone_redundancy_enabled: "a registry is zone redundant from its creation on: put it back",
  },
  azurerm_user_assigned_identity: {
    name: "the identity's name is its role in PostgreSQL, which owns tables: put 'project' and 'environment' back",
  },
  azurerm_subnet: {
    address_prefixes: "a subnet in use keeps its range (network): put it back",
  },
};

/** What holds for a kind of resource whatever the reason is. */
const always: Readonly<Record<string, string>> = {
  azurerm_user_assigned_identity:
    "jobs and app may still run as it, and its role in PostgreSQL may own tables: deploy the stacks 'jobs' and 'app' with " +
    "the new settings first, hand the tables over with REASSIGN OWNED, then take it away",
};

/** @returns how to get what was wanted without losing the resource, where somebody knows. */
export function adviceFor({ type, change }: ResourceChange): string | undefined {
  const named = (change.replace_paths ?? []).flatMap(([attribute]) => instead[type]?.[String(attribute)] ?? []);
  return named[0] ?? always[type];
}

/** Whether somebody knows what to do instead of changing an attribute. */
export function hasAdvice(type: string, attribute: string): boolean {
  return instead[type]?.[attribute] !== undefined;
}
