import { WorkloadIdentity, type WorkloadIdentityProps } from "../../../infra/constructs/workload-identity";
import { onlyResource, synthesizeStack } from "../support/synthesized";

const leastProps: WorkloadIdentityProps = {
  name: "id-shop-dev-app",
  resourceGroupName: "rg-shop-dev",
  location: "westeurope",
};

it("has no right at all unless asked", () => {
  const stack = synthesizeStack((scope) => new WorkloadIdentity(scope, "identity", leastProps));
  expect(onlyResource(stack, "azurerm_user_assigned_identity").name).toBe("id-shop-dev-app");
  expect(stack.resource).not.toHaveProperty("azurerm_role_assignment");
});

it("may pull from one registry and do nothing else there", () => {
  const stack = synthesizeStack(
    (scope) => new WorkloadIdentity(scope, "identity", { ...leastProps, pullsFromRegistryId: "registry-id" }),
  );
  expect(onlyResource(stack, "azurerm_role_assignment")).toMatchObject({
    scope: "registry-id",
    role_definition_name: "AcrPull",
    principal_type: "ServicePrincipal",
  });
});
