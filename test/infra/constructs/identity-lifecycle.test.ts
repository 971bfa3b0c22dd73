import { AzapiProvider } from "../../../infra/azapi/provider";
import { MigratedContainerApp } from "../../../infra/constructs/migrated-container-app";
import { byDatabaseUrl, creatingApp, leastProps, migratorIdentity } from "../support/app-props";
import { type Json, onlyResource, resourcesOfType, synthesizeStack } from "../support/synthesized";

const restricted = { ...leastProps, migratorIdentity, restrictIdentities: true };

const synthesizeRestricted = (): Json => synthesizeStack((scope) => new MigratedContainerApp(scope, "app", restricted));

it("gives the migrator's tokens to init containers only, and the app's to the app only", () => {
  const stack = synthesizeRestricted();
  const [app] = Object.keys(stack.resource.azurerm_container_app);
  expect(onlyResource(stack, "azapi_update_resource")).toEqual({
    provider: "azapi",
    type: "Microsoft.App/containerApps@2025-01-01",
    resource_id: `\${azurerm_container_app.${app}.id}`,
    ignore_casing: true,
    body: {
      properties: {
        configuration: {
          identitySettings: [
            { identity: "identity-id", lifecycle: "Main" },
            { identity: "migrator-id", lifecycle: "Init" },
          ],
        },
      },
    },
    // Nothing of the answer is kept in the state.
    response_export_values: [],
  });
});

it("brings the azapi provider along, and only where it is used", () => {
  const stack = synthesizeRestricted();
  expect(stack.provider.azapi).toEqual([{}]);
  expect(stack.terraform.required_providers.azapi).toEqual({ source: "Azure/azapi", version: "2.7.0" });

  const without = synthesizeStack((scope) => new MigratedContainerApp(scope, "app", leastProps));
  expect(without.provider).not.toHaveProperty("azapi");
  expect(without.terraform.required_providers).not.toHaveProperty("azapi");
});

it("shares one provider between the apps of a stack", () => {
  const stack = synthesizeStack((scope) => {
    new MigratedContainerApp(scope, "shop", restricted);
    new MigratedContainerApp(scope, "admin", { ...restricted, name: "ca-admin-dev" });
  });
  expect(stack.provider.azapi).toHaveLength(1);
  expect(resourcesOfType(stack, "azapi_update_resource")).toHaveLength(2);
});

it("uses the provider that the stack has already", () => {
  const stack = synthesizeStack((scope) => {
    new AzapiProvider(scope, "mine", { subscriptionId: "subscription-id" });
    new MigratedContainerApp(scope, "app", restricted);
  });
  expect(stack.provider.azapi).toEqual([{ subscription_id: "subscription-id" }]);
});

it("fails when app and migrator share one identity", () => {
  expect(creatingApp({ restrictIdentities: true })).toThrow(
    "test/app: 'restrictIdentities' needs 'migratorIdentity': app and migrator share one identity, and both must get its " +
      "tokens. Give the migrator an identity of its own or leave 'restrictIdentities' out",
  );
});

it.each([
  ["a secret", { secrets: [{ name: "smtp", keyVaultSecretId: "https://kv-shop.vault.azure.net/secrets/smtp" }] }],
  ["a DATABASE_URL", byDatabaseUrl],
])("fails when the app has %s, which azapi's update would drop", (_, props) => {
  expect(creatingApp({ ...restricted, ...props })).toThrow(
    "test/app: 'restrictIdentities' does not go together with secrets: azapi reads the app and writes it back, and the " +
      "answer it reads holds no secrets. Leave 'restrictIdentities' out, or move the secrets elsewhere",
  );
});
