import { Network, type NetworkProps } from "../../../infra/constructs/network";
import { type Json, onlyResource, resourcesOfType, synthesizeStack } from "../support/synthesized";

const leastProps: NetworkProps = {
  name: "vnet-shop-dev",
  resourceGroupName: "rg-shop-dev",
  location: "westeurope",
  addressSpace: "10.20.0.0/16",
  containerAppsSubnetName: "snet-container-apps",
  containerAppsSubnetRange: "10.20.0.0/23",
  postgresSubnetName: "snet-postgres",
  postgresSubnetRange: "10.20.2.0/28",
};

const synthesizeNetwork = (props: Partial<NetworkProps> = {}): Json =>
  synthesizeStack((scope) => new Network(scope, "network", { ...leastProps, ...props }));

it("delegates each subnet to its service, with the action that Azure adds by itself", () => {
  const subnets = resourcesOfType(synthesizeNetwork(), "azurerm_subnet").map(([, subnet]) => [
    subnet.name,
    subnet.address_prefixes,
    subnet.delegation[0].service_delegation,
  ]);
  const actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"];
  expect(subnets).toEqual([
    ["snet-container-apps", ["10.20.0.0/23"], { name: "Microsoft.App/environments", actions }],
    ["snet-postgres", ["10.20.2.0/28"], { name: "Microsoft.DBforPostgreSQL/flexibleServers", actions }],
  ]);
});

it("puts both subnets into one network", () => {
  const stack = synthesizeNetwork();
  expect(onlyResource(stack, "azurerm_virtual_network")).toEqual({
    name: "vnet-shop-dev",
    resource_group_name: "rg-shop-dev",
    location: "westeurope",
    address_space: ["10.20.0.0/16"],
  });
  for (const [, subnet] of resourcesOfType(stack, "azurerm_subnet")) {
    expect(subnet.virtual_network_name).toMatch(/^\$\{azurerm_virtual_network\..*\.name\}$/);
  }
});

it("is tagged when asked", () => {
  const stack = synthesizeNetwork({ tags: { owner: "platform" } });
  expect(onlyResource(stack, "azurerm_virtual_network").tags).toEqual({ owner: "platform" });
});

it("can be one that somebody else owns", () => {
  const attributes = {
    virtualNetworkId: "network-id",
    containerAppsSubnetId: "apps-subnet-id",
    postgresSubnetId: "postgres-subnet-id",
  };
  const stack = synthesizeStack((scope) => {
    expect(Network.fromNetworkAttributes(scope, "network", attributes)).toMatchObject(attributes);
  });
  expect(stack).not.toHaveProperty("resource");
});
