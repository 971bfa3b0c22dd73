import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import { AzurermBackend, LocalBackend, type TerraformStack } from "cdktf";
import type { ResolvedSettings } from "../environment-settings";
import { stateKey } from "../naming";

/**
 * What the stacks use, and nothing more. azurerm's own list would register some seventy providers, but not Microsoft.App,
 * so that an empty subscription would fail on the container environment.
 */
const resourceProviders = [
  "Microsoft.App",
  "Microsoft.ContainerRegistry",
  // Asked for by container environments in a virtual network of one's own.
  "Microsoft.ContainerService",
  "Microsoft.DBforPostgreSQL",
  // Alert rules, action groups and diagnostic settings; in lower case, as Azure lists it: azurerm skips any other spelling.
  "microsoft.insights",
  "Microsoft.ManagedIdentity",
  "Microsoft.Network",
  "Microsoft.OperationalInsights",
];

/** Gives a stack what every stack has: the provider and a place for its state. */
export function layFoundation(stack: TerraformStack, settings: ResolvedSettings): void {
  new AzurermProvider(stack, "azurerm", {
    features: [
      {
        // A deployment must not restart production's server by the way: static parameters wait for its next restart there.
        postgresqlFlexibleServer: [{ restartServerOnConfigurationValueChange: !settings.production }],
      },
    ],
    subscriptionId: settings.subscriptionId,
    resourceProviderRegistrations: "none",
    resourceProvidersToRegister: resourceProviders,
  });
  attachBackend(stack, settings);
}

function attachBackend(stack: TerraformStack, settings: ResolvedSettings): void {
  const { state } = settings;
  const stackId = stack.node.id;
  if (state.backend === "local") {
    // Seen from cdktf.out/stacks/<stack>, where Terraform runs, this is the project directory. Left out, CDKTF would
    // write this machine's absolute path into the output.
    new LocalBackend(stack, { path: `../../../terraform.${settings.environment}.${stackId}.tfstate` });
    return;
  }
  new AzurermBackend(stack, {
    resourceGroupName: state.resourceGroupName,
    storageAccountName: state.storageAccountName,
    containerName: state.containerName,
    key: stateKey(settings, stackId),
    subscriptionId: settings.subscriptionId,
    // Entra only: an access key would be copied into each stack that reads this state.
    useAzureadAuth: true,
  });
}
