import { MigratedContainerApp } from "../../../infra/constructs/migrated-container-app";
import type { MigratedContainerAppProps } from "../../../infra/constructs/migrated-container-app-props";
import { type Json, onlyResource, synthesizeStack } from "./synthesized";

/** The fewest props a MigratedContainerApp takes. */
export const leastProps: MigratedContainerAppProps = {
  name: "ca-shop-dev",
  resourceGroupName: "rg-shop-dev",
  environment: { id: "environment-id", workloadProfiles: [{ name: "Consumption", type: "Consumption" }] },
  image: "shop.example/shop:1.4.0",
  identity: { id: "identity-id", clientId: "identity-client-id", name: "id-shop-dev-app" },
  database: { host: "psql.example", databaseName: "shop" },
};

/** The azurerm_container_app of a stack that holds one MigratedContainerApp. */
export function synthesizeApp(props: Partial<MigratedContainerAppProps> = {}): Json {
  const stack = synthesizeStack((scope) => new MigratedContainerApp(scope, "app", { ...leastProps, ...props }));
  return onlyResource(stack, "azurerm_container_app");
}

/** Environment variables of a container by name. */
export function variablesOf(container: Json): Record<string, string> {
  return Object.fromEntries(container.env.map(({ name, value }: Json) => [name, value]));
}
