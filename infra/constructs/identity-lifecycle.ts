import type { ContainerApp } from "@cdktf/provider-azurerm/lib/container-app";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { AzapiProvider } from "../azapi/provider";
import { AzapiUpdateResource } from "../azapi/update-resource";
import { ConfigurationError } from "../errors";

export interface IdentityLifecycleProps {
  readonly containerApp: ContainerApp;
  /** Resource id of the app's identity. */
  readonly identityId: string;
  /** Resource id of the migrator's identity. */
  readonly migratorIdentityId?: string;
  readonly hasSecrets: boolean;
}

/**
 * Gives tokens of the migrator's identity to init containers only, and of the app's identity to the app's containers
 * only. azurerm has no argument for it; what is set here outlives azurerm's own updates.
 */
export class IdentityLifecycle extends Construct {
  constructor(scope: Construct, id: string, props: IdentityLifecycleProps) {
    super(scope, id);
    requireSeparable(props, scope.node.path);
    new AzapiUpdateResource(this, "identity-settings", {
      provider: findOrCreateProvider(this),
      type: "Microsoft.App/containerApps@2025-01-01",
      resourceId: props.containerApp.id,
      body: {
        properties: {
          configuration: {
            identitySettings: [
              { identity: props.identityId, lifecycle: "Main" },
              { identity: props.migratorIdentityId, lifecycle: "Init" },
            ],
          },
        },
      },
    });
  }
}

function requireSeparable({ migratorIdentityId, hasSecrets }: IdentityLifecycleProps, construct: string): void {
  if (migratorIdentityId === undefined) {
    throw new ConfigurationError(
      `${construct}: 'restrictIdentities' needs 'migratorIdentity': app and migrator share one identity, and both must get ` +
        "its tokens. Give the migrator an identity of its own or leave 'restrictIdentities' out",
    );
  }
  if (hasSecrets) {
    throw new ConfigurationError(
      `${construct}: 'restrictIdentities' does not go together with secrets: azapi reads the app and writes it back, and ` +
        "the answer it reads holds no secrets. Leave 'restrictIdentities' out, or move the secrets elsewhere",
    );
  }
}

/** One provider for all apps of a stack. */
function findOrCreateProvider(scope: Construct): AzapiProvider {
  const stack = TerraformStack.of(scope);
  const existing = stack.node.children.find((child) => child instanceof AzapiProvider);
  return (existing as AzapiProvider | undefined) ?? new AzapiProvider(stack, "schemagate-azapi");
}
