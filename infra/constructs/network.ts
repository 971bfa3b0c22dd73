import { Subnet } from "@cdktf/provider-azurerm/lib/subnet";
import { VirtualNetwork } from "@cdktf/provider-azurerm/lib/virtual-network";
import { Construct } from "constructs";
import { containsCidr, overlapsCidr, parseCidr } from "../cidr";
import { ConfigurationError } from "../errors";
import { location, range, resourceGroupName, someText, tags } from "./azure-checks";
import { type ChecksOf, requireProps, text } from "./checks";
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

const networkName = text(
  /^[A-Za-z0-9]([\w.-]{0,78}\w)?$/,
  "must be a name of at most 80 letters, digits, '_', '.' and '-', a letter or digit first. Rename it",
);

const networkChecks: ChecksOf<NetworkProps> = {
  name: networkName,
  resourceGroupName,
  location,
  addressSpace: range(26, "both subnets lie in it"),
  containerAppsSubnetName: networkName,
  containerAppsSubnetRange: range(27, "a container environment takes no smaller subnet"),
  postgresSubnetName: networkName,
  postgresSubnetRange: range(28, "a PostgreSQL server takes no smaller subnet"),
  tags,
};

const attributesChecks: ChecksOf<NetworkAttributes> = {
  virtualNetworkId: someText,
  containerAppsSubnetId: someText,
  postgresSubnetId: someText,
};

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
    requireProps(props, networkChecks, this.node.path);
    requireApart(props, this.node.path);
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
    requireProps(attributes, attributesChecks, this.node.path);
    requireTwoSubnets(attributes, this.node.path);
    this.virtualNetworkId = attributes.virtualNetworkId;
    this.containerAppsSubnetId = attributes.containerAppsSubnetId;
    this.postgresSubnetId = attributes.postgresSubnetId;
  }
}

/** Refuses subnets that lie outside of the network, or on each other. */
function requireApart(props: NetworkProps, construct: string): void {
  const space = parseCidr(props.addressSpace);
  const apps = parseCidr(props.containerAppsSubnetRange);
  const postgres = parseCidr(props.postgresSubnetRange);
  for (const [prop, subnet] of Object.entries({ containerAppsSubnetRange: apps, postgresSubnetRange: postgres })) {
    if (space === undefined || subnet === undefined || containsCidr(space, subnet)) continue;
    throw new ConfigurationError(
      `${construct}: '${prop}' (${props[prop as keyof NetworkProps]}) lies outside of 'addressSpace' ` +
        `(${props.addressSpace}). Choose a range inside of it or enlarge the address space`,
    );
  }
  if (apps !== undefined && postgres !== undefined && overlapsCidr(apps, postgres)) {
    throw new ConfigurationError(
      `${construct}: 'containerAppsSubnetRange' (${props.containerAppsSubnetRange}) and 'postgresSubnetRange' ` +
        `(${props.postgresSubnetRange}) overlap, and each subnet belongs to one service. Choose ranges that are apart`,
    );
  }
  if (props.containerAppsSubnetName.toLowerCase() === props.postgresSubnetName.toLowerCase()) {
    throw new ConfigurationError(
      `${construct}: 'containerAppsSubnetName' and 'postgresSubnetName' are both ${props.postgresSubnetName}, and each ` +
        "subnet belongs to one service. Rename one",
    );
  }
}

function requireTwoSubnets({ containerAppsSubnetId, postgresSubnetId }: NetworkAttributes, construct: string): void {
  if (containerAppsSubnetId !== postgresSubnetId) return;
  throw new ConfigurationError(
    `${construct}: 'containerAppsSubnetId' and 'postgresSubnetId' are both ${postgresSubnetId}, and each subnet is delegated ` +
      "to one service. Name two",
  );
}
