import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { ContainerEnvironment } from "../constructs/container-environment";
import { GateAlert } from "../constructs/gate-alert";
import { ImageRegistry } from "../constructs/image-registry";
import { LogWorkspace } from "../constructs/log-workspace";
import { Network } from "../constructs/network";
import { PrivatePostgres } from "../constructs/private-postgres";
import { WorkloadIdentity } from "../constructs/workload-identity";
import { type ResolvedSettings, weekdays } from "../environment-settings";
import { resourceNames, resourceTags } from "../naming";
import { layFoundation } from "./stack-foundation";

export interface PlatformStackProps {
  readonly settings: ResolvedSettings;
}

/** What lives long: network, database, registry, identities, logs, and the environment that the apps run in. */
export class PlatformStack extends TerraformStack {
  readonly resourceGroup: ResourceGroup;
  readonly registry: ImageRegistry;
  readonly appIdentity: WorkloadIdentity;
  /** The app's, unless the settings keep them apart. */
  readonly migratorIdentity: WorkloadIdentity;
  /** The server's administrator; nothing runs as it but the bootstrap job. */
  readonly databaseAdminIdentity: WorkloadIdentity;
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

    const logs = this.createLogs(settings);
    const network = this.createNetwork(settings);
    this.registry = this.createRegistry(settings, logs);
    this.appIdentity = this.createIdentity("app-identity", this.names.appIdentity);
    this.migratorIdentity =
      settings.identities === "shared"
        ? this.appIdentity
        : this.createIdentity("migrator-identity", this.names.migratorIdentity);
    this.databaseAdminIdentity = this.createIdentity("database-admin-identity", this.names.databaseAdminIdentity);
    this.postgres = this.createPostgres(settings, network, logs);
    this.environment = this.createEnvironment(settings, network, logs);
    if (settings.alertEmails.length > 0) this.createAlert(settings, logs);
    this.createOutputs();
  }

  private createLogs({ logRetentionDays }: ResolvedSettings): LogWorkspace {
    return new LogWorkspace(this, "log-workspace", {
      ...this.placement,
      name: this.names.logWorkspace,
      retentionDays: logRetentionDays,
    });
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

  private createRegistry(settings: ResolvedSettings, logWorkspace: LogWorkspace): ImageRegistry {
    const { registrySku, production, preventDestroy, deletionLocks } = settings;
    return new ImageRegistry(this, "registry", {
      ...this.placement,
      name: this.names.registry,
      sku: registrySku,
      // Only Premium spreads over zones.
      zoneRedundant: production && registrySku === "Premium",
      logWorkspace,
      preventDestroy,
      deletionLock: deletionLocks,
    });
  }

  private createIdentity(id: string, name: string): WorkloadIdentity {
    const identity = new WorkloadIdentity(this, id, { ...this.placement, name, pullsFromRegistryId: this.registry.id });
    this.registry.coverByLock(...identity.roleAssignments);
    return identity;
  }

  private createPostgres(settings: ResolvedSettings, network: Network, logWorkspace: LogWorkspace): PrivatePostgres {
    const { postgres, preventDestroy, deletionLocks } = settings;
    const { maintenance } = postgres;
    return new PrivatePostgres(this, "postgres", {
      ...this.placement,
      serverName: this.names.postgresServer,
      databaseName: postgres.databaseName,
      subnetId: network.postgresSubnetId,
      virtualNetworkId: network.virtualNetworkId,
      privateDnsZoneName: this.names.privateDnsZone,
      administrator: this.databaseAdminIdentity,
      operators: postgres.operators,
      version: postgres.version,
      skuName: postgres.skuName,
      storageMb: postgres.storageMb,
      zone: postgres.zone,
      standbyZone: postgres.highAvailability ? postgres.standbyZone : undefined,
      backupRetentionDays: postgres.backupRetentionDays,
      geoRedundantBackup: postgres.geoRedundantBackup,
      maintenanceWindow: maintenance && { dayOfWeek: weekdays.indexOf(maintenance.day), startHour: maintenance.hour },
      extensions: postgres.extensions,
      configuration: postgres.parameters,
      logWorkspace,
      preventDestroy,
      deletionLock: deletionLocks,
    });
  }

  private createEnvironment(settings: ResolvedSettings, network: Network, logs: LogWorkspace): ContainerEnvironment {
    return new ContainerEnvironment(this, "container-environment", {
      ...this.placement,
      name: this.names.containerEnvironment,
      infrastructureResourceGroupName: this.names.infrastructureResourceGroup,
      subnetId: network.containerAppsSubnetId,
      logWorkspace: logs,
      zoneRedundant: settings.production,
      preventDestroy: settings.preventDestroy,
    });
  }

  private createAlert({ alertEmails }: ResolvedSettings, logWorkspace: LogWorkspace): void {
    new GateAlert(this, "gate-alert", {
      ...this.placement,
      name: this.names.gateAlert,
      containerAppName: this.names.containerApp,
      logWorkspace,
      logDestination: this.environment.logDestination,
      emails: alertEmails,
    });
  }

  private createOutputs(): void {
    const output = (id: string, value: string, description: string) =>
      new TerraformOutput(this, id, { value, description });
    output("resource_group", this.resourceGroup.name, "Resource group of everything");
    output("registry_login_server", this.registry.loginServer, "Where releases push the image");
    output("postgres_host", this.postgres.host, "Host name of the server, inside the network");
    output("migrator_role", this.migratorIdentity.name, "Database role that migrates");
    output("app_role", this.appIdentity.name, "Database role of the app");
  }
}
