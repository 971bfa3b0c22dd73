import { Network } from "../../../infra/constructs/network";
import { resourcesOfType, synthesizeStack } from "../support/synthesized";

it("delegates each subnet to its service, with the action that Azure adds by itself", () => {
  const stack = synthesizeStack(
    (scope) =>
      new Network(scope, "network", {
        name: "vnet-shop-dev",
        resourceGroupName: "rg-shop-dev",
        location: "westeurope",
        addressSpace: "10.20.0.0/16",
        containerAppsSubnetName: "snet-container-apps",
        containerAppsSubnetRange: "10.20.0.0/23",
        postgresSubnetName: "snet-postgres",
        postgresSubnetRange: "10.20.2.0/28",
      }),
  );
  const subnets = resourcesOfType(stack, "azurerm_subnet").map(([, subnet]) => [
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
