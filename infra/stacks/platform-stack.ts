import { ContainerRegistry } from "@cdktf/provider-azurerm/lib/container-registry";
import { LogAnalyticsWorkspace } from "@cdktf/provider-azurerm/lib/log-analytics-workspace";
import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { ContainerEnvironment } from "../constructs/container-environment";
import { Network } from "../constructs/network";
import { PrivatePostgres } from "../constructs/private-postgres";
import { WorkloadIdentity } from "../constructs/workload-identity";
import type { ResolvedSettings } from "../environment-settings";
import { resourceNames, resourceTags } from "../naming";
import { layFoundation } from "./stack-foundation";

export interface PlatformStackProps {
  readonly settings: ResolvedSettings;
}

/** What lives long: network, database, registry, identities, and the environment that the apps run in. */
export class PlatformStack extends TerraformStack {
  readonly resourceGroup: ResourceGroup;
  readonly registry: ContainerRegistry;
  readonly appIdentity: WorkloadIdentity;
  readonly postgres: PrivatePostgres;
  readonly environment: ContainerEnvironment;

  private readonly names: ReturnType<typeof resourceNames>;
  private readonly placement: { resourceGroupName: string; location: string; tags: Record<string, string> };

  constructor(scope: Construct, id: string, props: PlatformStackProps) {
    super(scope, id);
    const { settings } = props;
    layFoundation(this, settings);
    this.names = resourceNames(settings);
    const tags = resourceTags(settings);
    this.resourceGroup = new ResourceGroup(this, "resource-group", {
      name: this.names.resourceGroup,
      location: settings.location,
      tags,
      lifecycle: { preventDestroy: settings.preventDestroy },
    });
    this.placement = { resourceGroupName: this.resourceGroup.name, location: this.resourceGroup.location, tags };

    const network = this.createNetwork(settings);
    this.registry = this.createRegistry(settings);
    this.appIdentity = new WorkloadIdentity(this, "app-identity", {
      ...this.placement,
      name: this.names.appIdentity,
      pullsFromRegistryId: this.registry.id,
    });
    this.postgres = this.createPostgres(settings, network);
    this.environment = this.createEnvironment(settings, network);
    this.createOutputs();
  }

  private createNetwork({ network }: ResolvedSettings): Network {
    return new Network(this, "network", {
      ...this.placement,
      name: this.names.virtualNetwork,
      addressSpace: network.addressSpace,
      containerAppsSubnetName: this.names.containerAppsSubnet,
      containerAppsSubnetRange: network.containerAppsSubnet,
      postgresSubnetName: this.names.postgresSubnet,
      postgresSubnetRange: network.postgresSubnet,
    });
  }

  private createRegistry({ registrySku, production, preventDestroy }: ResolvedSettings): ContainerRegistry {
    return new ContainerRegistry(this, "registry", {
      ...this.placement,
      name: this.names.registry,
      sku: registrySku,
      // Images are pulled by identity; an admin user would be a password in the state.
      adminEnabled: false,
      // Only Premium spreads over zones.
      zoneRedundancyEnabled: production && registrySku === "Premium",
      lifecycle: { preventDestroy },
    });
  }

  private createPostgres(settings: ResolvedSettings, network: Network): PrivatePostgres {
    const { postgres, preventDestroy } = settings;
    // Nothing runs as it but the bootstrap of roles, so it never comes to own anything.
    const administrator = new WorkloadIdentity(this, "database-admin-identity", {
      ...this.placement,
      name: this.names.databaseAdminIdentity,
    });
    return new PrivatePostgres(this, "postgres", {
      ...this.placement,
      serverName: this.names.postgresServer,
      databaseName: postgres.databaseName,
      subnetId: network.postgresSubnetId,
      virtualNetworkId: network.virtualNetworkId,
      privateDnsZoneName: this.names.privateDnsZone,
      administrator,
      version: postgres.version,
      skuName: postgres.skuName,
      storageMb: postgres.storageMb,
      zone: postgres.zone,
      standbyZone: postgres.highAvailability ? postgres.standbyZone : undefined,
      backupRetentionDays: postgres.backupRetentionDays,
      geoRedundantBackup: postgres.geoRedundantBackup,
      preventDestroy,
    });
  }

  private createEnvironment(settings: ResolvedSettings, network: Network): ContainerEnvironment {
    const workspace = new LogAnalyticsWorkspace(this, "log-workspace", {
      ...this.placement,
      name: this.names.logWorkspace,
      sku: "PerGB2018",
      retentionInDays: settings.logRetentionDays,
    });
    return new ContainerEnvironment(this, "container-environment", {
      ...this.placement,
      name: this.names.containerEnvironment,
      infrastructureResourceGroupName: this.names.infrastructureResourceGroup,
      subnetId: network.containerAppsSubnetId,
      logAnalyticsWorkspaceId: workspace.id,
      zoneRedundant: settings.production,
      preventDestroy: settings.preventDestroy,
    });
  }

  private createOutputs(): void {
    const output = (id: string, value: string, description: string) =>
      new TerraformOutput(this, id, { value, description });
    output("resource_group", this.resourceGroup.name, "Resource group of everything");
    output("registry_login_server", this.registry.loginServer, "Where releases push the image");
    output("postgres_host", this.postgres.host, "Host name of the server, inside the network");
    output("database_role", this.appIdentity.name, "Role that app and migrator sign in as");
  }
}
