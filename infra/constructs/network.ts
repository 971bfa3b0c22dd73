import { Subnet } from "@cdktf/provider-azurerm/lib/subnet";
import { VirtualNetwork } from "@cdktf/provider-azurerm/lib/virtual-network";
import { Construct } from "constructs";
import { createPostgresSubnet, joinSubnet } from "./postgres-subnet";

/** A network as its users see it: also one that somebody else owns. */
export interface INetwork {
  /** Resource id of the virtual network. */
  readonly virtualNetworkId: string;
  /** Resource id of the subnet delegated to Microsoft.App/environments. */
  readonly containerAppsSubnetId: string;
  /** Resource id of the subnet delegated to Microsoft.DBforPostgreSQL/flexibleServers. */
  readonly postgresSubnetId: string;
}

/** A network that somebody else owns, with both subnets delegated already. */
export interface NetworkAttributes extends INetwork {}

export interface NetworkProps {
  readonly name: string;
  readonly resourceGroupName: string;
  readonly location: string;
  /** IPv4 range of the whole network: `10.20.0.0/16`. */
  readonly addressSpace: string;
  readonly containerAppsSubnetName: string;
  /** At least a /27. */
  readonly containerAppsSubnetRange: string;
  readonly postgresSubnetName: string;
  /** At least a /28. */
  readonly postgresSubnetRange: string;
  /** @default - none */
  readonly tags?: Record<string, string>;
}

/**
 * A virtual network with one subnet for the container environment and one for PostgreSQL, each delegated to its service.
 *
 * @example
 * const network = new Network(this, "network", {
 *   name: "vnet-shop-dev",
 *   resourceGroupName: group.name,
 *   location: group.location,
 *   addressSpace: "10.20.0.0/16",
 *   containerAppsSubnetName: "snet-container-apps",
 *   containerAppsSubnetRange: "10.20.0.0/23",
 *   postgresSubnetName: "snet-postgres",
 *   postgresSubnetRange: "10.20.2.0/28",
 * });
 */
export class Network extends Construct implements INetwork {
  readonly virtualNetworkId: string;
  readonly containerAppsSubnetId: string;
  readonly postgresSubnetId: string;
  /** The resource itself, for what this construct has no prop for. */
  readonly resource: VirtualNetwork;
  readonly containerAppsSubnet: Subnet;
  readonly postgresSubnet: Subnet;

  /** Uses a network that somebody else owns. */
  static fromNetworkAttributes(scope: Construct, id: string, attributes: NetworkAttributes): INetwork {
    return new ImportedNetwork(scope, id, attributes);
  }

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    this.resource = new VirtualNetwork(this, "virtual-network", {
      name: props.name,
      resourceGroupName: props.resourceGroupName,
      location: props.location,
      addressSpace: [props.addressSpace],
      tags: props.tags,
    });
    this.containerAppsSubnet = new Subnet(this, "container-apps-subnet", {
      name: props.containerAppsSubnetName,
      resourceGroupName: props.resourceGroupName,
      virtualNetworkName: this.resource.name,
      addressPrefixes: [props.containerAppsSubnetRange],
      delegation: [
        { name: "container-apps", serviceDelegation: { name: "Microsoft.App/environments", actions: [joinSubnet] } },
      ],
    });
    this.postgresSubnet = createPostgresSubnet(this, "postgres-subnet", {
      name: props.postgresSubnetName,
      resourceGroupName: props.resourceGroupName,
      virtualNetworkName: this.resource.name,
      range: props.postgresSubnetRange,
    });
    this.virtualNetworkId = this.resource.id;
    this.containerAppsSubnetId = this.containerAppsSubnet.id;
    this.postgresSubnetId = this.postgresSubnet.id;
  }
}

class ImportedNetwork extends Construct implements INetwork {
  readonly virtualNetworkId: string;
  readonly containerAppsSubnetId: string;
  readonly postgresSubnetId: string;

  constructor(scope: Construct, id: string, attributes: NetworkAttributes) {
    super(scope, id);
    this.virtualNetworkId = attributes.virtualNetworkId;
    this.containerAppsSubnetId = attributes.containerAppsSubnetId;
    this.postgresSubnetId = attributes.postgresSubnetId;
  }
}
