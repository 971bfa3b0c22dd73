/** A program that synthesizes one container app behind its gate, with nothing but what it names. */
export function exampleStack(framework: "cdktf" | "cdktn"): string {
  return `import { App, LocalBackend, TerraformStack } from "${framework}";
import { AzurermProvider } from "@${framework}/provider-azurerm/lib/provider";
import { ContainerEnvironment, MigratedContainerApp, WorkloadIdentity } from "schemagate/infra${framework === "cdktn" ? "/cdktn" : ""}";

const app = new App();
const stack = new TerraformStack(app, "shop");
new LocalBackend(stack, { path: "shop.tfstate" });
new AzurermProvider(stack, "azurerm", { features: [{}] });
new MigratedContainerApp(stack, "app", {
  name: "ca-shop",
  resourceGroupName: "rg-shop",
  environment: ContainerEnvironment.fromContainerEnvironmentAttributes(stack, "environment", { id: "environment-id", location: "westeurope", kind: "workload-profiles" }),
  image: "shop.example/shop:1.4.0",
  identity: WorkloadIdentity.fromWorkloadIdentityAttributes(stack, "identity", { id: "identity-id", clientId: "client", principalId: "principal", name: "id-shop" }),
  database: { host: "psql.example", databaseName: "shop" },
});
app.synth();
`;
}
