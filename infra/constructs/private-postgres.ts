import {
  PostgresqlFlexibleServer,
  type PostgresqlFlexibleServerConfig,
} from "@cdktf/provider-azurerm/lib/postgresql-flexible-server";
import { PostgresqlFlexibleServerActiveDirectoryAdministrator } from "@cdktf/provider-azurerm/lib/postgresql-flexible-server-active-directory-administrator";
import { PostgresqlFlexibleServerDatabase } from "@cdktf/provider-azurerm/lib/postgresql-flexible-server-database";
import { PrivateDnsZone } from "@cdktf/provider-azurerm/lib/private-dns-zone";
import { PrivateDnsZoneVirtualNetworkLink } from "@cdktf/provider-azurerm/lib/private-dns-zone-virtual-network-link";
import type { ITerraformDependable, TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { requireProps } from "./checks";
import { DeletionLock } from "./deletion-lock";
import { sendDiagnostics } from "./diagnostics";
import { createPostgresSubnet } from "./postgres-subnet";
import { attributesChecks } from "./private-postgres-checks";
import type {
  IPostgresAdministrator,
  IPostgresDatabase,
  PostgresAttributes,
  PostgresOperator,
  PrivatePostgresProps,
} from "./private-postgres-props";
import { requireValidServer } from "./private-postgres-rules";
import { ServerParameters } from "./server-parameters";

/** Where the server lives: its subnet, its DNS zone, and what makes that zone known to the network. */
interface Place {
  readonly subnetId: string;
  readonly privateDnsZoneId: string;
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * A PostgreSQL flexible server that only its virtual network reaches and that knows no password, with one database.
 *
 * Its Entra administrator must be an identity that nothing else runs as: removing an administrator drops its role, and
 * that hangs as soon as the role owns a table. See BootstrapJob for what runs as it.
 *
 * @example
 * const postgres = new PrivatePostgres(this, "postgres", {
 *   serverName: "psql-shop-dev",
 *   databaseName: "shop",
 *   resourceGroupName: group.name,
 *   location: group.location,
 *   subnetId: network.postgresSubnetId,
 *   virtualNetworkId: network.virtualNetworkId,
 *   privateDnsZoneName: "shop-dev.private.postgres.database.azure.com",
 *   administrator: adminIdentity,
 *   version: "17",
 *   skuName: "B_Standard_B1ms",
 *   storageMb: 32768,
 *   zone: "1",
 *   extensions: ["pg_trgm"],
 * });
 */
export class PrivatePostgres extends Construct implements IPostgresDatabase {
  readonly host: string;
  readonly databaseName: string;
  readonly server: PostgresqlFlexibleServer;
  /** The server, for what this construct has no prop for. */
  readonly resource: PostgresqlFlexibleServer;
  /** Roles are created through it. */
  readonly administrator: PostgresqlFlexibleServerActiveDirectoryAdministrator;
  readonly database: PostgresqlFlexibleServerDatabase;
  /** Administrator, database and parameters: whatever uses the database waits for them. */
  readonly prerequisites: readonly TerraformResource[];

  /** Uses a database of a server that somebody else owns. */
  static fromPostgresAttributes(scope: Construct, id: string, attributes: PostgresAttributes): IPostgresDatabase {
    return new ImportedPostgres(scope, id, attributes);
  }

  constructor(scope: Construct, id: string, props: PrivatePostgresProps) {
    super(scope, id);
    requireValidServer(props, this.node.path);
    this.server = this.createServer(props, this.createPlace(props));
    this.resource = this.server;
    this.administrator = this.createAdministrator("administrator", props, props.administrator, "ServicePrincipal");
    this.database = new PostgresqlFlexibleServerDatabase(this, "database", {
      name: props.databaseName,
      serverId: this.server.id,
      charset: "UTF8",
      collation: "en_US.utf8",
      // One change at a time: a busy server refuses the second.
      dependsOn: [this.administrator],
      lifecycle: { preventDestroy: props.preventDestroy ?? false },
    });
    this.host = this.server.fqdn;
    this.databaseName = this.database.name;

    const operators = this.createOperators(props);
    const { resources: parameters } = new ServerParameters(this, "configuration", {
      serverId: this.server.id,
      extensions: props.extensions ?? [],
      // Stated although it is the service's own: whoever reviews the stack sees it, and nobody lowers it unseen.
      configuration: { ssl_min_protocol_version: "TLSv1.2", ...props.configuration },
      after: operators.at(-1) ?? this.database,
    });
    // Parameters are set one after the other: behind the last, migrations may create the extensions, and nothing restarts.
    this.prerequisites = [this.administrator, this.database, ...parameters.slice(-1)];
    const below = [this.administrator, this.database, ...operators, ...parameters, ...this.createDiagnostics(props)];
    if (props.deletionLock) {
      new DeletionLock(this, {
        resourceId: this.server.id,
        notes: `Holds the database ${props.databaseName}, and its backups go with it.`,
        covers: below,
        fixed: (props.operators ?? []).map(({ name, objectId, type }) => `${name} ${objectId} ${type}`),
      });
    }
  }

  private createPlace(props: PrivatePostgresProps): Place {
    const { resourceGroupName, subnetRange = "", virtualNetworkName = "", virtualNetworkId = "" } = props;
    const subnetId =
      props.subnetId ??
      createPostgresSubnet(this, "subnet", {
        name: props.subnetName ?? "snet-postgres",
        resourceGroupName,
        virtualNetworkName,
        range: subnetRange,
      }).id;
    if (props.privateDnsZoneId !== undefined) {
      return { subnetId, privateDnsZoneId: props.privateDnsZoneId, dependsOn: [] };
    }
    const zone = new PrivateDnsZone(this, "dns-zone", {
      name: props.privateDnsZoneName ?? "",
      resourceGroupName,
      tags: props.tags,
    });
    const link = new PrivateDnsZoneVirtualNetworkLink(this, "dns-link", {
      name: "postgres",
      resourceGroupName,
      privateDnsZoneName: zone.name,
      virtualNetworkId,
      registrationEnabled: false,
      tags: props.tags,
    });
    // The zone is known to the server's name only once the link exists.
    return { subnetId, privateDnsZoneId: zone.id, dependsOn: [link] };
  }

  private createServer(props: PrivatePostgresProps, place: Place): PostgresqlFlexibleServer {
    const { maintenanceWindow } = props;
    return new PostgresqlFlexibleServer(this, "server", {
      name: props.serverName,
      resourceGroupName: props.resourceGroupName,
      location: props.location,
      version: props.version,
      skuName: props.skuName,
      storageMb: props.storageMb,
      autoGrowEnabled: props.storageAutoGrow ?? true,
      backupRetentionDays: props.backupRetentionDays ?? 7,
      geoRedundantBackupEnabled: props.geoRedundantBackup ?? false,
      delegatedSubnetId: place.subnetId,
      privateDnsZoneId: place.privateDnsZoneId,
      publicNetworkAccessEnabled: false,
      authentication: {
        activeDirectoryAuthEnabled: true,
        passwordAuthEnabled: false,
        tenantId: props.administrator.tenantId,
      },
      ...availability(props),
      maintenanceWindow: maintenanceWindow && { ...maintenanceWindow, startMinute: maintenanceWindow.startMinute ?? 0 },
      tags: props.tags,
      dependsOn: [...place.dependsOn],
    });
  }

  private createAdministrator(
    id: string,
    props: PrivatePostgresProps,
    administrator: IPostgresAdministrator,
    principalType: "ServicePrincipal" | PostgresOperator["type"],
    after?: ITerraformDependable,
  ): PostgresqlFlexibleServerActiveDirectoryAdministrator {
    return new PostgresqlFlexibleServerActiveDirectoryAdministrator(this, id, {
      serverName: this.server.name,
      resourceGroupName: props.resourceGroupName,
      tenantId: administrator.tenantId,
      objectId: administrator.principalId,
      principalName: administrator.name,
      principalType,
      dependsOn: after && [after],
      // It knows the server by its name, which stays when the server is replaced; everything else below refers to the id.
      lifecycle: { replaceTriggeredBy: [this.serverReplaced()] },
    });
  }

  /**
   * The id alone: the whole resource would count every other change of the server too. A bare address, because Terraform
   * takes no expression here.
   */
  private serverReplaced(): string {
    return `${this.server.terraformResourceType}.${this.server.friendlyUniqueId}.id`;
  }

  private createOperators(props: PrivatePostgresProps) {
    const { tenantId } = props.administrator;
    const created: PostgresqlFlexibleServerActiveDirectoryAdministrator[] = [];
    for (const { name, objectId, type } of props.operators ?? []) {
      const operator = { name, principalId: objectId, tenantId };
      const after = created.at(-1) ?? this.database;
      // By object id: names in Entra change, addresses must not.
      created.push(this.createAdministrator(`operator-${objectId}`, props, operator, type, after));
    }
    return created;
  }

  private createDiagnostics({ logWorkspace }: PrivatePostgresProps) {
    if (logWorkspace === undefined) return [];
    return [
      sendDiagnostics(this, {
        targetResourceId: this.server.id,
        logWorkspaceId: logWorkspace.id,
        categories: ["PostgreSQLLogs", "PostgreSQLFlexSessions"],
      }),
    ];
  }
}

class ImportedPostgres extends Construct implements IPostgresDatabase {
  readonly host: string;
  readonly databaseName: string;
  readonly prerequisites?: readonly TerraformResource[];

  constructor(scope: Construct, id: string, attributes: PostgresAttributes) {
    super(scope, id);
    requireProps(attributes, attributesChecks, this.node.path);
    this.host = attributes.host;
    this.databaseName = attributes.databaseName;
    this.prerequisites = attributes.prerequisites;
  }
}

/** Zones are always stated: what the service would choose is drift, and the second apply fails on it. */
function availability(
  props: PrivatePostgresProps,
): Pick<PostgresqlFlexibleServerConfig, "zone" | "highAvailability" | "lifecycle"> {
  const { zone, standbyZone, standbyInSameZone, preventDestroy = false } = props;
  const standby = standbyZone ?? (standbyInSameZone ? zone : undefined);
  return {
    zone,
    highAvailability:
      standby === undefined
        ? undefined
        : {
            mode: standbyZone === undefined ? "SameZone" : "ZoneRedundant",
            standbyAvailabilityZone: standby,
          },
    lifecycle: { preventDestroy, ignoreChanges: changedByTheService(props, standby !== undefined) },
  };
}

/** What Azure changes by itself, and a deploy must not change back. */
function changedByTheService(
  { storageAutoGrow = true }: PrivatePostgresProps,
  hasStandby: boolean,
): string[] | undefined {
  const ignored = [
    // A disk cannot shrink: to have the old size back, Terraform would replace the server.
    ...(storageAutoGrow ? ["storage_mb"] : []),
    // A failover swaps the zones; swapping them back would be another failover.
    ...(hasStandby ? ["zone", "high_availability[0].standby_availability_zone"] : []),
  ];
  return ignored.length === 0 ? undefined : ignored;
}
