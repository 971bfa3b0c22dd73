import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import { TerraformOutput, TerraformStack, Testing } from "cdktf";
import {
  BootstrapJob,
  ConfigurationError,
  ContainerEnvironment,
  consumptionProfile,
  DatabaseUrlSecret,
  GateAlert,
  ImageRegistry,
  type IWorkloadIdentity,
  type LogDestination,
  LogWorkspace,
  MigratedContainerApp,
  type MigratedContainerAppProps,
  MigrationJob,
  Network,
  PrivatePostgres,
  WorkloadIdentity,
} from "../../../infra";
import { type Json, onlyResource, resourcesOfType } from "../support/synthesized";

const group = { resourceGroupName: "rg-shop", location: "westeurope" };
const image = "shop.example/shop:1.4.0";

/** What a team has that owns its platform already. */
class ShopStack extends TerraformStack {
  constructor() {
    super(Testing.app(), "shop");
    new AzurermProvider(this, "azurerm", { features: [{}] });

    const environment = ContainerEnvironment.fromContainerEnvironmentAttributes(this, "environment", {
      id: "environment-id",
      location: group.location,
      kind: "workload-profiles",
      workloadProfiles: [consumptionProfile, { name: "big", type: "D4" }],
    });
    const registry = ImageRegistry.fromImageRegistryAttributes(this, "registry", {
      id: "registry-id",
      loginServer: "shop.example",
    });
    const logWorkspace = LogWorkspace.fromLogWorkspaceAttributes(this, "logs", { id: "workspace-id" });
    const network = Network.fromNetworkAttributes(this, "network", {
      virtualNetworkId: "network-id",
      containerAppsSubnetId: "apps-subnet-id",
      postgresSubnetId: "postgres-subnet-id",
    });
    const database = PrivatePostgres.fromPostgresAttributes(this, "postgres", {
      host: "psql.example",
      databaseName: "shop",
    });
    const databaseUrl = DatabaseUrlSecret.fromKeyVaultSecretAttributes(this, "database-url", {
      vaultUri: "https://kv-shop.vault.azure.net/",
      secretName: "database-url",
    });
    const [appIdentity, migratorIdentity, administrator] = ["app", "migrator", "admin"].map((name) =>
      WorkloadIdentity.fromWorkloadIdentityAttributes(this, `${name}-identity`, {
        id: `${name}-id`,
        clientId: `${name}-client-id`,
        principalId: `${name}-principal-id`,
        name: `id-shop-${name}`,
      }),
    ) as [IWorkloadIdentity, IWorkloadIdentity, IWorkloadIdentity];

    const common = { ...group, environment, image, registryServer: registry.loginServer };
    const gated: MigratedContainerAppProps = { ...common, name: "ca-shop", identity: appIdentity, database };
    const shop = new MigratedContainerApp(this, "shop", { ...gated, migratorIdentity, restrictIdentities: true });
    new MigratedContainerApp(this, "admin", {
      ...gated,
      name: "ca-admin",
      migratorIdentity,
      restrictIdentities: true,
    });
    new MigratedContainerApp(this, "legacy", {
      ...common,
      name: "ca-legacy",
      identity: appIdentity,
      databaseUrl,
      workloadProfileName: "big",
    });
    new MigrationJob(this, "migration-job", { ...common, name: "caj-shop", identity: migratorIdentity, database });
    new BootstrapJob(this, "bootstrap-job", {
      ...common,
      name: "caj-shop-bootstrap",
      administrator,
      database,
      migratorIdentity,
      appIdentity,
    });
    const logDestination: LogDestination = "log-analytics";
    const alert = { ...group, name: "shop", logWorkspace, logDestination, emails: ["platform@shop.example"] };
    new GateAlert(this, "gate-alert", { ...alert, containerAppName: shop.resource.name });
    new PrivatePostgres(this, "own-postgres", {
      ...group,
      serverName: "psql-shop",
      databaseName: "shop",
      subnetId: network.postgresSubnetId,
      virtualNetworkId: network.virtualNetworkId,
      privateDnsZoneName: "shop.private.postgres.database.azure.com",
      administrator: { ...administrator, tenantId: "tenant-id" },
      version: "17",
      skuName: "B_Standard_B1ms",
      storageMb: 32768,
      zone: "1",
      logWorkspace,
    });
    new ContainerEnvironment(this, "own-environment", {
      ...group,
      name: "cae-shop",
      infrastructureResourceGroupName: "rg-shop-infrastructure",
      subnetId: network.containerAppsSubnetId,
      logWorkspace,
    });
    new WorkloadIdentity(this, "own-identity", { ...group, name: "id-shop-own", pullsFromRegistryId: registry.id });
    new TerraformOutput(this, "host", { value: shop.fqdn });
  }
}

/** One whose every part is made by the constructs. */
class WholeStack extends TerraformStack {
  constructor() {
    super(Testing.app(), "whole");
    new AzurermProvider(this, "azurerm", { features: [{}] });
    const logWorkspace = new LogWorkspace(this, "logs", { ...group, name: "log-shop" });
    const network = new Network(this, "network", {
      ...group,
      name: "vnet-shop",
      addressSpace: "10.20.0.0/16",
      containerAppsSubnetName: "snet-container-apps",
      containerAppsSubnetRange: "10.20.0.0/23",
      postgresSubnetName: "snet-postgres",
      postgresSubnetRange: "10.20.2.0/28",
    });
    const registry = new ImageRegistry(this, "registry", { ...group, name: "crshop", sku: "Basic", logWorkspace });
    const identityNamed = (name: string) =>
      new WorkloadIdentity(this, `${name}-identity`, { ...group, name, pullsFromRegistryId: registry.id });
    const identity = identityNamed("app");
    const administrator = identityNamed("admin");
    const postgres = new PrivatePostgres(this, "postgres", {
      ...group,
      serverName: "psql-shop",
      databaseName: "shop",
      subnetId: network.postgresSubnetId,
      virtualNetworkId: network.virtualNetworkId,
      privateDnsZoneName: "shop.private.postgres.database.azure.com",
      administrator,
      version: "17",
      skuName: "B_Standard_B1ms",
      storageMb: 32768,
      zone: "1",
      extensions: ["pg_trgm"],
    });
    const environment = new ContainerEnvironment(this, "environment", {
      ...group,
      name: "cae-shop",
      infrastructureResourceGroupName: "rg-shop-infrastructure",
      subnetId: network.containerAppsSubnetId,
      logWorkspace,
    });
    new MigratedContainerApp(this, "app", {
      ...group,
      name: "ca-shop",
      environment,
      image: `${registry.loginServer}/shop:1.4.0`,
      registryServer: registry.loginServer,
      identity,
      database: postgres,
    });
  }
}

// With `true` cdktf runs its validations too.
const synthesize = (stack: TerraformStack): string => Testing.synth(stack, true);

describe("somebody's own stack", () => {
  const stack: Json = JSON.parse(synthesize(new ShopStack()));

  it("uses what others own, without making any of it", () => {
    expect(Object.keys(stack.resource).sort()).toEqual([
      "azapi_update_resource",
      "azurerm_container_app",
      "azurerm_container_app_environment",
      "azurerm_container_app_job",
      "azurerm_monitor_action_group",
      "azurerm_monitor_diagnostic_setting",
      "azurerm_monitor_scheduled_query_rules_alert_v2",
      "azurerm_postgresql_flexible_server",
      "azurerm_postgresql_flexible_server_active_directory_administrator",
      "azurerm_postgresql_flexible_server_configuration",
      "azurerm_postgresql_flexible_server_database",
      "azurerm_private_dns_zone",
      "azurerm_private_dns_zone_virtual_network_link",
      "azurerm_role_assignment",
      "azurerm_user_assigned_identity",
    ]);
    expect(onlyResource(stack, "azurerm_role_assignment").scope).toBe("registry-id");
    expect(onlyResource(stack, "azurerm_postgresql_flexible_server").delegated_subnet_id).toBe("postgres-subnet-id");
  });

  it("gates each of its apps", () => {
    const apps = resourcesOfType(stack, "azurerm_container_app").map(([, app]) => app);
    expect(apps.map(({ name }) => name).sort()).toEqual(["ca-admin", "ca-legacy", "ca-shop"]);
    for (const { template } of apps) {
      expect(template.init_container[0]).toMatchObject({ name: "migrate", image });
    }
  });

  it("has one azapi provider for both apps that need it", () => {
    expect(stack.provider.azapi).toHaveLength(1);
    expect(resourcesOfType(stack, "azapi_update_resource")).toHaveLength(2);
  });
});

it("orders an app after everything it needs when the constructs make all of it", () => {
  const stack: Json = JSON.parse(synthesize(new WholeStack()));
  expect(onlyResource(stack, "azurerm_container_app").depends_on).toEqual([
    expect.stringMatching(/^azurerm_role_assignment\.app-identity/),
    expect.stringMatching(/^azurerm_postgresql_flexible_server_active_directory_administrator\./),
    expect.stringMatching(/^azurerm_postgresql_flexible_server_database\./),
    expect.stringMatching(/^azurerm_postgresql_flexible_server_configuration\..*_azureextensions_/),
  ]);
});

it.each([ShopStack, WholeStack])("writes the same bytes each time for %p", (Stack) => {
  expect(synthesize(new Stack())).toBe(synthesize(new Stack()));
});

it("tells configuration errors from all others", () => {
  const stack = new TerraformStack(Testing.app(), "test");
  const attributes = {
    id: "environment-id",
    location: "westeurope",
    kind: "workload-profiles",
    workloadProfiles: [],
  } as const;
  expect(() => ContainerEnvironment.fromContainerEnvironmentAttributes(stack, "environment", attributes)).toThrow(
    ConfigurationError,
  );
});
