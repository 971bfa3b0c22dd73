import { TerraformOutput } from "cdktf";
import { ImageRegistry, type ImageRegistryProps } from "../../../infra/constructs/image-registry";
import { type Json, onlyResource, synthesizeStack } from "../support/synthesized";

const leastProps: ImageRegistryProps = {
  name: "crshopdev",
  resourceGroupName: "rg-shop-dev",
  location: "westeurope",
  sku: "Basic",
};

const synthesizeRegistry = (props: Partial<ImageRegistryProps> = {}): Json =>
  synthesizeStack((scope) => new ImageRegistry(scope, "registry", { ...leastProps, ...props }));

it("knows no password, and nobody who has no identity", () => {
  expect(onlyResource(synthesizeRegistry(), "azurerm_container_registry")).toEqual({
    name: "crshopdev",
    resource_group_name: "rg-shop-dev",
    location: "westeurope",
    sku: "Basic",
    admin_enabled: false,
    anonymous_pull_enabled: false,
    zone_redundancy_enabled: false,
    lifecycle: { prevent_destroy: false, ignore_changes: ["zone_redundancy_enabled"] },
  });
});

it("can be spread over zones, protected and tagged", () => {
  const stack = synthesizeRegistry({
    sku: "Premium",
    zoneRedundant: true,
    preventDestroy: true,
    tags: { owner: "platform" },
  });
  expect(onlyResource(stack, "azurerm_container_registry")).toMatchObject({
    sku: "Premium",
    zone_redundancy_enabled: true,
    lifecycle: { prevent_destroy: true },
    tags: { owner: "platform" },
  });
});

it("tells a workspace of logins, pushes and pulls when there is one", () => {
  expect(synthesizeRegistry().resource).not.toHaveProperty("azurerm_monitor_diagnostic_setting");
  const stack = synthesizeRegistry({ logWorkspace: { id: "workspace-id" } });
  expect(onlyResource(stack, "azurerm_monitor_diagnostic_setting")).toMatchObject({
    target_resource_id: expect.stringMatching(/^\$\{azurerm_container_registry\..*\.id\}$/),
    log_analytics_workspace_id: "workspace-id",
    enabled_log: [{ category: "ContainerRegistryLoginEvents" }, { category: "ContainerRegistryRepositoryEvents" }],
  });
});

it("can be locked against deletion, with what hangs on it", () => {
  expect(synthesizeRegistry().resource).not.toHaveProperty("azurerm_management_lock");
  expect(onlyResource(synthesizeRegistry({ deletionLock: true }), "azurerm_management_lock")).toMatchObject({
    scope: expect.stringMatching(/^\$\{azurerm_container_registry\..*\.id\}$/),
    lock_level: "CanNotDelete",
    notes: expect.stringMatching(
      /^Holds the images of running apps: without them no replica starts\. Covers what is below it \([0-9a-f]{8}\)\.$/,
    ),
  });

  const stack = synthesizeRegistry({ deletionLock: true, logWorkspace: { id: "workspace-id" } });
  const [diagnostics] = Object.keys(stack.resource.azurerm_monitor_diagnostic_setting);
  expect(onlyResource(stack, "azurerm_management_lock").depends_on).toEqual([
    `azurerm_monitor_diagnostic_setting.${diagnostics}`,
  ]);
});

it("tells where images are pushed to", () => {
  const stack = synthesizeStack((scope) => {
    const registry = new ImageRegistry(scope, "registry", leastProps);
    new TerraformOutput(scope, "server", { value: registry.loginServer });
  });
  expect(stack.output.server.value).toMatch(/^\$\{azurerm_container_registry\..*\.login_server\}$/);
});

it("takes what it has no prop for through its resource", () => {
  const stack = synthesizeStack((scope) => {
    new ImageRegistry(scope, "registry", leastProps).resource.addOverride("data_endpoint_enabled", true);
  });
  expect(onlyResource(stack, "azurerm_container_registry").data_endpoint_enabled).toBe(true);
});

it("can be one that somebody else owns", () => {
  const attributes = { id: "registry-id", loginServer: "crshop.azurecr.io" };
  const stack = synthesizeStack((scope) => {
    expect(ImageRegistry.fromImageRegistryAttributes(scope, "registry", attributes)).toMatchObject(attributes);
  });
  expect(stack).not.toHaveProperty("resource");
});
