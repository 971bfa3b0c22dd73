import { PostgresqlFlexibleServer } from "@cdktf/provider-azurerm/lib/postgresql-flexible-server";
import { PostgresqlFlexibleServerActiveDirectoryAdministrator } from "@cdktf/provider-azurerm/lib/postgresql-flexible-server-active-directory-administrator";
import { PostgresqlFlexibleServerDatabase } from "@cdktf/provider-azurerm/lib/postgresql-flexible-server-database";
import { PrivateDnsZone } from "@cdktf/provider-azurerm/lib/private-dns-zone";
import { PrivateDnsZoneVirtualNetworkLink } from "@cdktf/provider-azurerm/lib/private-dns-zone-virtual-network-link";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { ConfigurationError } from "../errors";

const dnsZoneEnding = ".postgres.database.azure.com";

/** A PostgreSQL database as its users see it: also one that somebody else owns. */
export interface IPostgresDatabase {
  /** Host name of the server. */
  readonly host: string;
  readonly databaseName: string;
}

/** The identity that administers the server. It must own nothing in it: see PrivatePostgres. */
export interface IPostgresAdministrator {
  readonly principalId: string;
  readonly name: string;
  readonly tenantId: string;
}

export interface PrivatePostgresProps {
  readonly serverName: string;
  readonly databaseName: string;
  readonly resourceGroupName: string;
  readonly location: string;
  /** Subnet delegated to Microsoft.DBforPostgreSQL/flexibleServers. */
  readonly subnetId: string;
  /** Network from which the server's name resolves. */
  readonly virtualNetworkId: string;
  /** Ends in `.postgres.database.azure.com`. */
  readonly privateDnsZoneName: string;
  readonly administrator: IPostgresAdministrator;
  /** Major version. */
  readonly version: string;
  /** `B_Standard_B1ms`, `GP_Standard_D2ds_v5`, … */
  readonly skuName: string;
  readonly storageMb: number;
  /** Availability zone of the primary. */
  readonly zone: string;
  /**
   * Keep a standby in this other zone (zone redundant high availability).
   * @default - no standby
   */
  readonly standbyZone?: string;
  /**
   * 7 to 35 days.
   * @default 7
   */
  readonly backupRetentionDays?: number;
  /**
   * Keep backups in the paired region too.
   * @default false
   */
  readonly geoRedundantBackup?: boolean;
  /**
   * Refuse to be destroyed, server and database.
   * @default false
   */
  readonly preventDestroy?: boolean;
  /** @default - none */
  readonly tags?: Record<string, string>;
}

/**
 * A PostgreSQL flexible server that only its virtual network reaches and that knows no password, with one database.
 *
 * Its Entra administrator must be an identity that nothing else runs as: removing an administrator drops its role, and
 * that hangs as soon as the role owns a table.
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
 * });
 */
export class PrivatePostgres extends Construct implements IPostgresDatabase {
  readonly host: string;
  readonly databaseName: string;
  readonly server: PostgresqlFlexibleServer;
  /** An app must not start before it: the roles are created through it. */
  readonly administrator: PostgresqlFlexibleServerActiveDirectoryAdministrator;
  readonly database: PostgresqlFlexibleServerDatabase;

  constructor(scope: Construct, id: string, props: PrivatePostgresProps) {
    super(scope, id);
    requireValidProps(props, this.node.path);

    const dnsZone = new PrivateDnsZone(this, "dns-zone", {
      name: props.privateDnsZoneName,
      resourceGroupName: props.resourceGroupName,
      tags: props.tags,
    });
    const dnsLink = new PrivateDnsZoneVirtualNetworkLink(this, "dns-link", {
      name: "postgres",
      resourceGroupName: props.resourceGroupName,
      privateDnsZoneName: dnsZone.name,
      virtualNetworkId: props.virtualNetworkId,
      tags: props.tags,
    });
    this.server = this.createServer(props, dnsZone, dnsLink);
    this.administrator = new PostgresqlFlexibleServerActiveDirectoryAdministrator(this, "administrator", {
      serverName: this.server.name,
      resourceGroupName: props.resourceGroupName,
      tenantId: props.administrator.tenantId,
      objectId: props.administrator.principalId,
      principalName: props.administrator.name,
      principalType: "ServicePrincipal",
    });
    this.database = new PostgresqlFlexibleServerDatabase(this, "database", {
      name: props.databaseName,
      serverId: this.server.id,
      charset: "UTF8",
      collation: "en_US.utf8",
      lifecycle: { preventDestroy: props.preventDestroy ?? false },
    });
    this.host = this.server.fqdn;
    this.databaseName = this.database.name;
  }

  private createServer(
    props: PrivatePostgresProps,
    dnsZone: PrivateDnsZone,
    dnsLink: PrivateDnsZoneVirtualNetworkLink,
  ): PostgresqlFlexibleServer {
    const { zone, standbyZone } = props;
    return new PostgresqlFlexibleServer(this, "server", {
      name: props.serverName,
      resourceGroupName: props.resourceGroupName,
      location: props.location,
      version: props.version,
      skuName: props.skuName,
      storageMb: props.storageMb,
      // At 95 % of its storage the server turns read-only.
      autoGrowEnabled: true,
      backupRetentionDays: props.backupRetentionDays ?? 7,
      geoRedundantBackupEnabled: props.geoRedundantBackup ?? false,
      delegatedSubnetId: props.subnetId,
      privateDnsZoneId: dnsZone.id,
      publicNetworkAccessEnabled: false,
      authentication: {
        activeDirectoryAuthEnabled: true,
        passwordAuthEnabled: false,
        tenantId: props.administrator.tenantId,
      },
      // Both zones stated: what the service would choose is drift, and the second apply fails on it.
      zone,
      highAvailability:
        standbyZone === undefined ? undefined : { mode: "ZoneRedundant", standbyAvailabilityZone: standbyZone },
      tags: props.tags,
      // The zone is known to the server's name only once the link exists.
      dependsOn: [dnsLink],
      lifecycle: {
        preventDestroy: props.preventDestroy ?? false,
        // A failover swaps the zones; the next deploy must not swap them back, which would be another failover.
        ignoreChanges:
          standbyZone === undefined ? undefined : ["zone", "high_availability[0].standby_availability_zone"],
      },
    });
  }
}

function requireValidProps(props: PrivatePostgresProps, construct: string): void {
  const { privateDnsZoneName, serverName, zone, standbyZone, skuName, backupRetentionDays = 7 } = props;
  if (!Token.isUnresolved(privateDnsZoneName) && !privateDnsZoneName.endsWith(dnsZoneEnding)) {
    throw new ConfigurationError(
      `${construct}: 'privateDnsZoneName' (${privateDnsZoneName}) must end in ${dnsZoneEnding}: the service takes no ` +
        `other zone. Use for instance '${serverName}.private${dnsZoneEnding}'`,
    );
  }
  if (standbyZone !== undefined && standbyZone === zone) {
    throw new ConfigurationError(
      `${construct}: 'standbyZone' (${standbyZone}) must differ from 'zone' (${zone}): a standby in the same zone falls ` +
        "with it. Name another zone",
    );
  }
  if (standbyZone !== undefined && skuName.startsWith("B_")) {
    throw new ConfigurationError(
      `${construct}: 'skuName' (${skuName}) is a burstable size: those cannot have a standby ('standbyZone' ` +
        `${standbyZone}). Choose a GP_ or MO_ size or leave 'standbyZone' out`,
    );
  }
  if (!Token.isUnresolved(backupRetentionDays) && (backupRetentionDays < 7 || backupRetentionDays > 35)) {
    throw new ConfigurationError(
      `${construct}: 'backupRetentionDays' (${backupRetentionDays}) must be 7 to 35: the service keeps backups no ` +
        "shorter and no longer. Choose a number in that range",
    );
  }
}
