import { Subnet } from "@cdktf/provider-azurerm/lib/subnet";
import type { Construct } from "constructs";

/** Azure adds this action to every delegation; left out, each plan would want to remove it. */
export const joinSubnet = "Microsoft.Network/virtualNetworks/subnets/join/action";

export interface PostgresSubnetProps {
  readonly name: string;
  readonly resourceGroupName: string;
  readonly virtualNetworkName: string;
  /** At least a /28. */
  readonly range: string;
}

/** A subnet that is delegated to PostgreSQL flexible servers. */
export function createPostgresSubnet(scope: Construct, id: string, props: PostgresSubnetProps): Subnet {
  return new Subnet(scope, id, {
    name: props.name,
    resourceGroupName: props.resourceGroupName,
    virtualNetworkName: props.virtualNetworkName,
    addressPrefixes: [props.range],
    delegation: [
      {
        name: "postgres",
        serviceDelegation: { name: "Microsoft.DBforPostgreSQL/flexibleServers", actions: [joinSubnet] },
      },
    ],
    // The server archives its log to storage and adds this endpoint itself; left out, each plan would remove it.
    serviceEndpoints: ["Microsoft.Storage"],
  });
}
