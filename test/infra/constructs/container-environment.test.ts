import { ContainerEnvironment, type ContainerEnvironmentProps } from "../../../infra/constructs/container-environment";
import { constructing, onlyResource, synthesizeStack } from "../support/synthesized";

const leastProps: ContainerEnvironmentProps = {
  name: "cae-shop-dev",
  resourceGroupName: "rg-shop-dev",
  location: "westeurope",
  infrastructureResourceGroupName: "rg-shop-dev-infrastructure",
  subnetId: "subnet-id",
  logAnalyticsWorkspaceId: "workspace-id",
};

function synthesizeEnvironment(props: Partial<ContainerEnvironmentProps> = {}) {
  const stack = synthesizeStack((scope) => new ContainerEnvironment(scope, "environment", { ...leastProps, ...props }));
  return onlyResource(stack, "azurerm_container_app_environment");
}

it("always has a Consumption profile, of that very name", () => {
  expect(synthesizeEnvironment().workload_profile).toEqual([
    { name: "Consumption", workload_profile_type: "Consumption" },
  ]);
});

it("has further profiles when asked", () => {
  expect(
    synthesizeEnvironment({ dedicatedWorkloadProfiles: [{ name: "big", type: "D4" }] }).workload_profile,
  ).toContainEqual({ name: "big", workload_profile_type: "D4" });
});

it("states what each plan would otherwise want to change", () => {
  expect(synthesizeEnvironment()).toMatchObject({
    infrastructure_resource_group_name: "rg-shop-dev-infrastructure",
    logs_destination: "log-analytics",
    log_analytics_workspace_id: "workspace-id",
    zone_redundancy_enabled: false,
    internal_load_balancer_enabled: false,
    lifecycle: { prevent_destroy: false },
  });
});

it("can be spread over zones, internal and protected", () => {
  expect(synthesizeEnvironment({ zoneRedundant: true, internal: true, preventDestroy: true })).toMatchObject({
    zone_redundancy_enabled: true,
    internal_load_balancer_enabled: true,
    lifecycle: { prevent_destroy: true },
  });
});

it.each([
  { name: "Consumption", type: "D4" },
  { name: "mine", type: "Consumption" },
])("fails when the list has $name of type $type, which is there already", (profile) => {
  expect(
    constructing(
      (scope) =>
        new ContainerEnvironment(scope, "environment", { ...leastProps, dedicatedWorkloadProfiles: [profile] }),
    ),
  ).toThrow(
    `test/environment: 'dedicatedWorkloadProfiles' has '${profile.name}' of type ${profile.type}: the Consumption profile ` +
      "is always there, under that name. Remove it from the list",
  );
});
