/**
 * Arguments that the provider can only give to a new resource ("Changing this forces a new resource to be created"), of the
 * kinds in the stacks that hold data or carry what does: from the documentation of azurerm 4.55.0, whose schema says
 * nothing of it. `version` and `storage_mb` of a server force a new one where they go down.
 */
export const forceNewArguments: Readonly<Record<string, readonly string[]>> = {
  azurerm_container_app: ["container_app_environment_id", "name", "resource_group_name"],
  azurerm_container_app_environment: [
    "dapr_application_insights_connection_string",
    "infrastructure_resource_group_name",
    "infrastructure_subnet_id",
    "internal_load_balancer_enabled",
    "location",
    "name",
    "resource_group_name",
    "zone_redundancy_enabled",
  ],
  azurerm_container_registry: ["location", "name", "resource_group_name", "zone_redundancy_enabled"],
  azurerm_log_analytics_workspace: ["location", "name", "resource_group_name"],
  azurerm_postgresql_flexible_server: [
    "customer_managed_key",
    "delegated_subnet_id",
    "geo_redundant_backup_enabled",
    "location",
    "name",
    "point_in_time_restore_time_in_utc",
    "resource_group_name",
    "source_server_id",
    "storage_mb",
    "version",
  ],
  azurerm_postgresql_flexible_server_database: ["charset", "collation", "name", "server_id"],
  azurerm_private_dns_zone: ["name", "resource_group_name", "soa_record"],
  azurerm_private_dns_zone_virtual_network_link: [
    "name",
    "private_dns_zone_name",
    "resource_group_name",
    "virtual_network_id",
  ],
  azurerm_resource_group: ["location", "name"],
  azurerm_subnet: ["name", "resource_group_name", "virtual_network_name"],
  azurerm_user_assigned_identity: ["location", "name", "resource_group_name"],
  azurerm_virtual_network: ["edge_zone", "location", "name", "resource_group_name"],
};
