import { type TerraformMetaArguments, TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { azapiMetadata } from "./provider";

export interface AzapiUpdateResourceProps extends TerraformMetaArguments {
  /** Resource type with its API version: `Microsoft.App/containerApps@2025-01-01`. */
  readonly type: string;
  readonly resourceId: string;
  /** What to set, as the API takes it; the rest of the resource stays as it is. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** azapi_update_resource: sets some properties of a resource that another provider manages. */
export class AzapiUpdateResource extends TerraformResource {
  private readonly props: AzapiUpdateResourceProps;

  constructor(scope: Construct, id: string, props: AzapiUpdateResourceProps) {
    super(scope, id, {
      terraformResourceType: "azapi_update_resource",
      terraformGeneratorMetadata: azapiMetadata,
      ...props,
    });
    this.props = props;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { type, resourceId, body } = this.props;
    return {
      type,
      resource_id: resourceId,
      body,
      // Resource ids come back in another case than they were given.
      ignore_casing: true,
      // Nothing of the answer is needed, and all of it would stand in the state.
      response_export_values: [],
    };
  }
}
