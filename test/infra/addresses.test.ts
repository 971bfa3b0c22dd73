import { addressesOf, synthesize } from "./support/synthesized";

/**
 * Every resource address, per stack. A change here makes Terraform destroy the old resource and create a new one, so it
 * needs a `moveTo` beside it and a reviewer who means it.
 */
const addresses = {
  platform: [
    "azurerm_container_app_environment.container-environment_E1849DE5",
    "azurerm_container_registry.registry",
    "azurerm_log_analytics_workspace.log-workspace",
    "azurerm_postgresql_flexible_server.postgres_server_20CD2676",
    "azurerm_postgresql_flexible_server_active_directory_administrator.postgres_administrator_B915B2CB",
    "azurerm_postgresql_flexible_server_database.postgres_database_B2C47E30",
    "azurerm_private_dns_zone.postgres_dns-zone_CB4E6E45",
    "azurerm_private_dns_zone_virtual_network_link.postgres_dns-link_8C801E68",
    "azurerm_resource_group.resource-group",
    "azurerm_role_assignment.app-identity_registry-pull_52EA2C8F",
    "azurerm_subnet.network_container-apps-subnet_9D0ABD4B",
    "azurerm_subnet.network_postgres-subnet_74C602A3",
    "azurerm_user_assigned_identity.app-identity_5771EB97",
    "azurerm_user_assigned_identity.database-admin-identity_A5A227DE",
    "azurerm_virtual_network.network_virtual-network_6677DE2A",
  ],
  app: [
    "azurerm_container_app.app_container-app_E7A801BB",
    "data.terraform_remote_state.cross-stack-reference-input-platform",
  ],
};

it.each(["dev", "staging", "prod"])("has the same addresses in %s as everywhere", (environment) => {
  const { platform, app } = synthesize(environment);
  expect(addressesOf(platform.json)).toEqual(addresses.platform);
  expect(addressesOf(app.json)).toEqual(addresses.app);
});
