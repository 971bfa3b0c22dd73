import type { StackId } from "../../infra/naming";
import { addressesOf, synthesize } from "./support/synthesized";

// Every resource address. A change here makes Terraform destroy the old resource and create a new one, so it needs a
// `moveTo` beside it and a reviewer who means it.

const everywhere: Record<StackId, readonly string[]> = {
  platform: [
    "azurerm_container_app_environment.container-environment_E1849DE5",
    "azurerm_container_registry.registry",
    "azurerm_log_analytics_workspace.log-workspace",
    "azurerm_monitor_diagnostic_setting.container-environment_diagnostics_A1F6B26B",
    "azurerm_monitor_diagnostic_setting.postgres_diagnostics_EE936C3A",
    "azurerm_monitor_diagnostic_setting.registry_diagnostics_1ABDED4C",
    "azurerm_postgresql_flexible_server.postgres_server_20CD2676",
    "azurerm_postgresql_flexible_server_active_directory_administrator.postgres_administrator_B915B2CB",
    "azurerm_postgresql_flexible_server_configuration.postgres_configuration_ssl_min_protocol_version_166E5414",
    "azurerm_postgresql_flexible_server_database.postgres_database_B2C47E30",
    "azurerm_private_dns_zone.postgres_dns-zone_CB4E6E45",
    "azurerm_private_dns_zone_virtual_network_link.postgres_dns-link_8C801E68",
    "azurerm_resource_group.resource-group",
    "azurerm_role_assignment.app-identity_registry-pull_52EA2C8F",
    "azurerm_role_assignment.database-admin-identity_registry-pull_41EFE5C0",
    "azurerm_subnet.network_container-apps-subnet_9D0ABD4B",
    "azurerm_subnet.network_postgres-subnet_74C602A3",
    "azurerm_user_assigned_identity.app-identity_5771EB97",
    "azurerm_user_assigned_identity.database-admin-identity_A5A227DE",
    "azurerm_virtual_network.network_virtual-network_6677DE2A",
  ],
  jobs: [
    "azurerm_container_app_job.bootstrap-job_job_84747196",
    "azurerm_container_app_job.migration-job_F6369E7C",
    "data.terraform_remote_state.cross-stack-reference-input-platform",
  ],
  app: [
    "azurerm_container_app.app_container-app_E7A801BB",
    "data.terraform_remote_state.cross-stack-reference-input-platform",
  ],
};

/** Where the migrator has an identity of its own. */
const separateIdentities = [
  "azurerm_role_assignment.migrator-identity_registry-pull_236BDC9D",
  "azurerm_user_assigned_identity.migrator-identity_0D3F975B",
];

/** Where losing it hurts, and somebody is told when the gate holds. */
const production = [
  "azurerm_management_lock.postgres_deletion-lock_B74133D6",
  "azurerm_management_lock.registry_deletion-lock_DC80B011",
  "azurerm_monitor_action_group.gate-alert_action-group_7D56A2B3",
  "azurerm_monitor_scheduled_query_rules_alert_v2.gate-alert_migrator-crashed_03625167",
  "azurerm_monitor_scheduled_query_rules_alert_v2.gate-alert_migrator-failed_081CB7C5",
];

const platforms = {
  dev: everywhere.platform,
  staging: [...everywhere.platform, ...separateIdentities],
  prod: [...everywhere.platform, ...separateIdentities, ...production],
};

it.each(["dev", "staging", "prod"] as const)("has the addresses in %s that are deployed", (environment) => {
  const { platform, jobs, app } = synthesize(environment);
  expect(addressesOf(platform.json)).toEqual([...platforms[environment]].sort());
  expect(addressesOf(jobs.json)).toEqual(everywhere.jobs);
  expect(addressesOf(app.json)).toEqual(everywhere.app);
});
