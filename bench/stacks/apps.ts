// As many gated apps in one stack as APPS says.
import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import { App, TerraformStack } from "cdktf";
import { MigratedContainerApp } from "../../infra";

const group = "/subscriptions/s/resourceGroups/rg-orders/providers";
const environment = {
  id: `${group}/Microsoft.App/managedEnvironments/cae`,
  location: "westeurope",
  workloadProfiles: [{ name: "Consumption", type: "Consumption" }],
};
const identity = {
  id: `${group}/Microsoft.ManagedIdentity/userAssignedIdentities/id-orders`,
  clientId: "00000000-0000-0000-0000-000000000001",
  principalId: "00000000-0000-0000-0000-000000000002",
  name: "id-orders",
};

const app = new App();
const stack = new TerraformStack(app, "apps");
new AzurermProvider(stack, "azurerm", { features: [{}] });
for (let index = 0; index < Number(process.env.APPS); index += 1) {
  new MigratedContainerApp(stack, `app-${index}`, {
    name: `ca-orders-${index}`,
    resourceGroupName: "rg-orders",
    environment,
    identity,
    image: "registry.example/orders:1.0.0",
    database: { host: "db.example", databaseName: "orders" },
  });
}
app.synth();
