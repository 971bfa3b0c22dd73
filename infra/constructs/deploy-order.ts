import { type TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/**
 * Orders a resource after others. Terraform's depends_on ends at the stack's border, so a resource of another stack puts
 * that whole stack first.
 *
 * @returns what belongs into the resource's `dependsOn`.
 */
export function orderAfter(
  construct: Construct,
  resources: readonly TerraformResource[],
): TerraformResource[] | undefined {
  const stack = TerraformStack.of(construct);
  for (const resource of resources) {
    if (resource.cdktfStack !== stack) stack.addDependency(resource.cdktfStack);
  }
  const own = resources.filter((resource) => resource.cdktfStack === stack);
  return own.length === 0 ? undefined : own;
}
