import {
  ContainerEnvironment,
  type ContainerEnvironmentAttributes,
  type ContainerEnvironmentProps,
} from "../../../infra/constructs/container-environment";
import { consumption, dedicated } from "../support/app-props";
import { constructing, type Json, onlyResource, synthesizeStack } from "../support/synthesized";

const leastProps: ContainerEnvironmentProps = {
  name: "cae-shop-dev",
  resourceGroupName: "rg-shop-dev",
  location: "westeurope",
  infrastructureResourceGroupName: "rg-shop-dev-infrastructure",
  subnetId: "subnet-id",
  logWorkspace: { id: "workspace-id" },
};

const synthesizeInStack = (props: Partial<ContainerEnvironmentProps> = {}): Json =>
  synthesizeStack((scope) => new ContainerEnvironment(scope, "environment", { ...leastProps, ...props }));

const synthesizeEnvironment = (props: Partial<ContainerEnvironmentProps> = {}): Json =>
  onlyResource(synthesizeInStack(props), "azurerm_container_app_environment");

it("always has a Consumption profile, of that very name", () => {
  expect(synthesizeEnvironment().workload_profile).toEqual([
    { name: "Consumption", workload_profile_type: "Consumption" },
  ]);
});

it("has further profiles when asked, with their counts stated", () => {
  const dedicatedWorkloadProfiles = [dedicated, { name: "huge", type: "E16", minimumNodes: 1, maximumNodes: 3 }];
  expect(synthesizeEnvironment({ dedicatedWorkloadProfiles }).workload_profile).toEqual([
    { name: "Consumption", workload_profile_type: "Consumption" },
    { name: "big", workload_profile_type: "D4", minimum_count: 0, maximum_count: 1 },
    { name: "huge", workload_profile_type: "E16", minimum_count: 1, maximum_count: 3 },
  ]);
});

it("states what each plan would otherwise want to change", () => {
  expect(synthesizeEnvironment()).toMatchObject({
    infrastructure_resource_group_name: "rg-shop-dev-infrastructure",
    infrastructure_subnet_id: "subnet-id",
    logs_destination: "azure-monitor",
    zone_redundancy_enabled: false,
    internal_load_balancer_enabled: false,
    public_network_access: "Enabled",
    lifecycle: { prevent_destroy: false },
  });
});

it("can be spread over zones, internal, protected and tagged", () => {
  const props = { zoneRedundant: true, internal: true, preventDestroy: true, tags: { owner: "platform" } };
  expect(synthesizeEnvironment(props)).toMatchObject({
    zone_redundancy_enabled: true,
    internal_load_balancer_enabled: true,
    public_network_access: "Disabled",
    lifecycle: { prevent_destroy: true },
    tags: { owner: "platform" },
  });
});

describe("what containers print", () => {
  it("goes to the workspace by a diagnostic setting, without its key", () => {
    const stack = synthesizeInStack();
    expect(onlyResource(stack, "azurerm_container_app_environment")).not.toHaveProperty("log_analytics_workspace_id");
    expect(onlyResource(stack, "azurerm_monitor_diagnostic_setting")).toMatchObject({
      target_resource_id: expect.stringMatching(/^\$\{azurerm_container_app_environment\..*\.id\}$/),
      log_analytics_workspace_id: "workspace-id",
      enabled_log: [{ category: "ContainerAppConsoleLogs" }, { category: "ContainerAppSystemLogs" }],
    });
  });

  it("can go there signed with its key instead", () => {
    const stack = synthesizeInStack({ logDestination: "log-analytics" });
    expect(onlyResource(stack, "azurerm_container_app_environment")).toMatchObject({
      logs_destination: "log-analytics",
      log_analytics_workspace_id: "workspace-id",
    });
    expect(stack.resource).not.toHaveProperty("azurerm_monitor_diagnostic_setting");
  });

  it("is found where the environment says", () => {
    synthesizeStack((scope) => {
      expect(new ContainerEnvironment(scope, "one", leastProps).logDestination).toBe("azure-monitor");
      const props = { ...leastProps, logDestination: "log-analytics" } as const;
      expect(new ContainerEnvironment(scope, "other", props).logDestination).toBe("log-analytics");
    });
  });
});

it("tells apps its profiles and its region", () => {
  synthesizeStack((scope) => {
    const props = { ...leastProps, dedicatedWorkloadProfiles: [dedicated] };
    const environment = new ContainerEnvironment(scope, "environment", props);
    expect(environment.workloadProfiles).toEqual([consumption, dedicated]);
    expect(environment.location).toBe("westeurope");
  });
});

it("takes what it has no prop for through its resource", () => {
  const stack = synthesizeStack((scope) => {
    new ContainerEnvironment(scope, "environment", leastProps).resource.addOverride("mutual_tls_enabled", true);
  });
  expect(onlyResource(stack, "azurerm_container_app_environment").mutual_tls_enabled).toBe(true);
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

describe("one that somebody else owns", () => {
  const place = { id: "environment-id", location: "westeurope" };
  const importing = (attributes: ContainerEnvironmentAttributes) =>
    constructing((scope) => ContainerEnvironment.fromContainerEnvironmentAttributes(scope, "environment", attributes));

  it.each<[Omit<ContainerEnvironmentAttributes, "id" | "location">, (typeof consumption)[]]>([
    [{ kind: "workload-profiles" }, [consumption]],
    [{ kind: "workload-profiles", workloadProfiles: [dedicated] }, [dedicated]],
    [{ kind: "consumption-only" }, []],
    [{ kind: "consumption-only", workloadProfiles: [] }, []],
  ])("has the profiles that follow from %j", (attributes, workloadProfiles) => {
    const stack = synthesizeStack((scope) => {
      const all = { ...place, ...attributes };
      expect(ContainerEnvironment.fromContainerEnvironmentAttributes(scope, "environment", all)).toMatchObject({
        ...place,
        workloadProfiles,
      });
    });
    expect(stack).not.toHaveProperty("resource");
  });

  it("fails when it is consumption-only and has profiles", () => {
    expect(
      importing({ ...place, kind: "consumption-only", workloadProfiles: [{ name: "one", type: "D4" }, dedicated] }),
    ).toThrow(
      "test/environment: 'kind' (consumption-only) contradicts 'workloadProfiles' (one,big): such an environment has none. " +
        "Set 'kind' to workload-profiles or leave the profiles out",
    );
  });

  it("fails when it has workload profiles, and none", () => {
    expect(importing({ ...place, kind: "workload-profiles", workloadProfiles: [] })).toThrow(
      "test/environment: 'kind' (workload-profiles) contradicts 'workloadProfiles' (none): name them as 'az containerapp env " +
        "show' lists them, or leave them out when there is Consumption alone",
    );
  });
});
