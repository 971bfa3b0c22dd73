import { WorkloadIdentity, type WorkloadIdentityProps } from "../../../infra/constructs/workload-identity";
import { appIdentity } from "../support/app-props";
import { type Json, onlyResource, resourcesOfType, synthesizeStack } from "../support/synthesized";

const leastProps: WorkloadIdentityProps = {
  name: "id-shop-dev-app",
  resourceGroupName: "rg-shop-dev",
  location: "westeurope",
};

const synthesizeIdentity = (props: Partial<WorkloadIdentityProps> = {}): Json =>
  synthesizeStack((scope) => new WorkloadIdentity(scope, "identity", { ...leastProps, ...props }));

it("has no right at all unless asked", () => {
  const stack = synthesizeIdentity();
  expect(onlyResource(stack, "azurerm_user_assigned_identity")).toEqual({
    name: "id-shop-dev-app",
    resource_group_name: "rg-shop-dev",
    location: "westeurope",
  });
  expect(stack.resource).not.toHaveProperty("azurerm_role_assignment");
});

it("may pull from one registry and do nothing else there", () => {
  const stack = synthesizeIdentity({ pullsFromRegistryId: "registry-id" });
  expect(onlyResource(stack, "azurerm_role_assignment")).toMatchObject({
    scope: "registry-id",
    role_definition_name: "AcrPull",
    principal_id: expect.stringMatching(/^\$\{azurerm_user_assigned_identity\..*\.principal_id\}$/),
    principal_type: "ServicePrincipal",
  });
});

it("may read the secrets of one Key Vault and do nothing else there", () => {
  const stack = synthesizeIdentity({ readsSecretsOfKeyVaultId: "vault-id" });
  expect(onlyResource(stack, "azurerm_role_assignment")).toMatchObject({
    scope: "vault-id",
    role_definition_name: "Key Vault Secrets User",
    principal_type: "ServicePrincipal",
  });
});

it("hands out its rights, which must exist before anything runs as it", () => {
  synthesizeStack((scope) => {
    const rights = { pullsFromRegistryId: "registry-id", readsSecretsOfKeyVaultId: "vault-id" };
    const identity = new WorkloadIdentity(scope, "identity", { ...leastProps, ...rights });
    expect(identity.roleAssignments.map(({ roleDefinitionNameInput }) => roleDefinitionNameInput)).toEqual([
      "AcrPull",
      "Key Vault Secrets User",
    ]);
    expect(new WorkloadIdentity(scope, "other", leastProps).roleAssignments).toEqual([]);
  });
});

it("gives each right an address of its own", () => {
  const stack = synthesizeIdentity({ pullsFromRegistryId: "registry-id", readsSecretsOfKeyVaultId: "vault-id" });
  expect(resourcesOfType(stack, "azurerm_role_assignment").map(([id]) => id)).toEqual([
    expect.stringContaining("key-vault-secrets"),
    expect.stringContaining("registry-pull"),
  ]);
});

it("is tagged when asked", () => {
  const stack = synthesizeIdentity({ tags: { owner: "platform" } });
  expect(onlyResource(stack, "azurerm_user_assigned_identity").tags).toEqual({ owner: "platform" });
});

it("can be one that somebody else owns, whose rights are theirs to give", () => {
  const stack = synthesizeStack((scope) => {
    const identity = WorkloadIdentity.fromWorkloadIdentityAttributes(scope, "identity", appIdentity);
    expect(identity).toMatchObject(appIdentity);
  });
  expect(stack).not.toHaveProperty("resource");
});
