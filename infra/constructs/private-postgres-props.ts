import type { TerraformResource } from "cdktf";
import type { ILogWorkspace } from "./log-workspace";

/** A PostgreSQL database as its users see it: also one that somebody else owns. */
export interface IPostgresDatabase {
  /** Host name of the server. */
  readonly host: string;
  readonly databaseName: string;
  /**
   * What makes the server ready for work: whatever uses the database waits for these.
   * @default - nothing to wait for: somebody else's server is there
   */
  readonly prerequisites?: readonly TerraformResource[];
}

/** A database of a server that somebody else owns; it must take Entra tokens and listen on port 5432. */
export interface PostgresAttributes extends IPostgresDatabase {}

/** The identity that administers the server. It must own nothing in it: see PrivatePostgres. */
export interface IPostgresAdministrator {
  readonly principalId: string;
  readonly name: string;
  readonly tenantId: string;
}

/** People who may sign in as administrators when something has to be looked at. */
export interface PostgresOperator {
  /** Name in Entra; also the name of the role. */
  readonly name: string;
  /** Object id in Entra. */
  readonly objectId: string;
  /** `Group` or `User`. */
  readonly type: "Group" | "User";
}

/** When the service may patch the server; it restarts then. */
export interface MaintenanceWindow {
  /** 0 is Sunday. */
  readonly dayOfWeek: number;
  /** 0 to 23. */
  readonly startHour: number;
  /**
   * 0 to 59.
   * @default 0
   */
  readonly startMinute?: number;
}

export interface PrivatePostgresProps {
  readonly serverName: string;
  readonly databaseName: string;
  readonly resourceGroupName: string;
  readonly location: string;

  /**
   * Subnet delegated to Microsoft.DBforPostgreSQL/flexibleServers.
   * @default - one is made of `subnetRange` in `virtualNetworkName`
   */
  readonly subnetId?: string;

  /**
   * IPv4 range of a subnet to make for the server, at least a /28. Instead of `subnetId`.
   * @default - none is made
   */
  readonly subnetRange?: string;

  /**
   * Name of the subnet that is made. A network that has several servers needs one for each.
   * @default "snet-postgres"
   */
  readonly subnetName?: string;

  /**
   * Network, of the same resource group, that the subnet is made in.
   * @default - none; required with `subnetRange`
   */
  readonly virtualNetworkName?: string;

  /**
   * Network from which the server's name resolves: it is linked to the DNS zone that is made.
   * @default - none; required with `privateDnsZoneName`
   */
  readonly virtualNetworkId?: string;

  /**
   * DNS zone to make. Ends in `.postgres.database.azure.com`.
   * @default - none is made
   */
  readonly privateDnsZoneName?: string;

  /**
   * DNS zone that somebody else owns and has linked to the network. Instead of `privateDnsZoneName`.
   * @default - one is made
   */
  readonly privateDnsZoneId?: string;

  readonly administrator: IPostgresAdministrator;

  /**
   * People who may sign in as administrators too. They must own nothing in the server either.
   * @default - none
   */
  readonly operators?: readonly PostgresOperator[];

  /** Major version. */
  readonly version: string;
  /** `B_Standard_B1ms`, `GP_Standard_D2ds_v5`, … */
  readonly skuName: string;
  /** Size at creation; with `storageAutoGrow` it is Azure's to change from then on, and a new value here does nothing. */
  readonly storageMb: number;

  /**
   * Let the disk grow before it is full: at 95 % the server turns read-only.
   * @default true
   */
  readonly storageAutoGrow?: boolean;

  /** Availability zone of the primary. */
  readonly zone: string;

  /**
   * Keep a standby in this other zone (zone redundant high availability).
   * @default - no standby in another zone
   */
  readonly standbyZone?: string;

  /**
   * Keep a standby in the primary's zone, for regions without zones.
   * @default false
   */
  readonly standbyInSameZone?: boolean;

  /**
   * 7 to 35 days.
   * @default 7
   */
  readonly backupRetentionDays?: number;

  /**
   * Keep backups in the paired region too. Can only be chosen when the server is created.
   * @default false
   */
  readonly geoRedundantBackup?: boolean;

  /** @default - whenever the service chooses */
  readonly maintenanceWindow?: MaintenanceWindow;

  /**
   * Extensions that migrations may create (`azure.extensions`).
   * @default - none
   */
  readonly extensions?: readonly string[];

  /**
   * Server parameters by name, their values spelled as the service spells them (`on`, not `true`). A new value of a static
   * one makes azurerm restart the server at once, unless the provider's feature
   * `restart_server_on_configuration_value_change` is off.
   * @default - what the service sets, and TLS 1.2 as the oldest version
   */
  readonly configuration?: Readonly<Record<string, string>>;

  /**
   * Workspace that gets the server's log.
   * @default - none
   */
  readonly logWorkspace?: ILogWorkspace;

  /**
   * Terraform refuses to destroy server and database.
   * @default false
   */
  readonly preventDestroy?: boolean;

  /**
   * Nobody can delete the server before a lock is removed.
   * @default false
   */
  readonly deletionLock?: boolean;

  /** @default - none */
  readonly tags?: Record<string, string>;
}
