import { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";

/** What CDKTF writes of the provider: version 2 takes a body as an object, not as text. */
export const azapiMetadata = {
  providerName: "azapi",
  providerVersion: "2.7.0",
  providerVersionConstraint: "~> 2.0",
};

export interface AzapiProviderProps {
  /**
   * Subscription of the resources.
   * @default - ARM_SUBSCRIPTION_ID, or what the Azure CLI is signed in to
   */
  readonly subscriptionId?: string;
}

/**
 * The azapi provider, which sets what azurerm has no argument for. No bindings for it are published for CDKTF; this has
 * what schemagate needs of it and nothing more.
 */
export class AzapiProvider extends TerraformProvider {
  private readonly props: AzapiProviderProps;

  constructor(scope: Construct, id: string, props: AzapiProviderProps = {}) {
    super(scope, id, {
      terraformResourceType: "azapi",
      terraformGeneratorMetadata: azapiMetadata,
      terraformProviderSource: "Azure/azapi",
    });
    this.props = props;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { subscription_id: this.props.subscriptionId };
  }
}
