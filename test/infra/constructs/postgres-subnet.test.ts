import { createPostgresSubnet } from "../../../infra/constructs/postgres-subnet";
import { onlyResource, synthesizeStack } from "../support/synthesized";

it("belongs to PostgreSQL, with what Azure adds to it by itself", () => {
  const stack = synthesizeStack((scope) =>
    createPostgresSubnet(scope, "subnet", {
      name: "snet-postgres",
      resourceGroupName: "rg-shop-dev",
      virtualNetworkName: "vnet-shop-dev",
      range: "10.20.2.0/28",
    }),
  );
  expect(onlyResource(stack, "azurerm_subnet")).toEqual({
    name: "snet-postgres",
    resource_group_name: "rg-shop-dev",
    virtual_network_name: "vnet-shop-dev",
    address_prefixes: ["10.20.2.0/28"],
    delegation: [
      {
        name: "postgres",
        service_delegation: {
          name: "Microsoft.DBforPostgreSQL/flexibleServers",
          actions: ["Microsoft.Network/virtualNetworks/subnets/join/action"],
        },
      },
    ],
    service_endpoints: ["Microsoft.Storage"],
  });
});
