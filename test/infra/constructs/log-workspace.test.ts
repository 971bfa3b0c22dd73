import { ContainerEnvironment } from "../../../infra/constructs/container-environment";
import { GateAlert } from "../../../infra/constructs/gate-alert";
import type { ILogWorkspace } from "../../../infra/constructs/log-workspace";
import { LogWorkspace, type LogWorkspaceProps } from "../../../infra/constructs/log-workspace";
import { constructing, type Json, onlyResource, synthesizeStack } from "../support/synthesized";

const leastProps: LogWorkspaceProps = {
  name: "log-shop-dev",
  resourceGroupName: "rg-shop-dev",
  location: "westeurope",
};

function synthesizeWorkspace(props: Partial<LogWorkspaceProps> = {}): Json {
  const stack = synthesizeStack((scope) => new LogWorkspace(scope, "logs", { ...leastProps, ...props }));
  return onlyResource(stack, "azurerm_log_analytics_workspace");
}

it("keeps lines for a month, and its shared key is worth nothing", () => {
  expect(synthesizeWorkspace()).toEqual({
    name: "log-shop-dev",
    resource_group_name: "rg-shop-dev",
    location: "westeurope",
    sku: "PerGB2018",
    retention_in_days: 30,
    local_authentication_enabled: false,
  });
});

it("can keep them longer, take signed lines and be tagged", () => {
  const props = { retentionDays: 90, sharedKeyAccess: true, tags: { owner: "platform" } };
  expect(synthesizeWorkspace(props)).toMatchObject({
    retention_in_days: 90,
    local_authentication_enabled: true,
    tags: { owner: "platform" },
  });
});

it("takes what it has no prop for through its resource", () => {
  const stack = synthesizeStack((scope) => {
    new LogWorkspace(scope, "logs", leastProps).resource.addOverride("daily_quota_gb", 1);
  });
  expect(onlyResource(stack, "azurerm_log_analytics_workspace").daily_quota_gb).toBe(1);
});

it("can be one that somebody else owns", () => {
  const stack = synthesizeStack((scope) => {
    expect(LogWorkspace.fromLogWorkspaceAttributes(scope, "logs", { id: "workspace-id" }).id).toBe("workspace-id");
  });
  expect(stack).not.toHaveProperty("resource");
});

describe("lines that are signed with its shared key", () => {
  const place = { resourceGroupName: "rg-shop-dev", location: "westeurope" };
  type Scope = Parameters<Parameters<typeof synthesizeStack>[0]>[0];
  const workspace = (props: Partial<LogWorkspaceProps>) => (scope: Scope) =>
    new LogWorkspace(scope, "logs", { ...leastProps, ...props });
  const imported = (sharedKeyAccess?: boolean) => (scope: Scope) =>
    LogWorkspace.fromLogWorkspaceAttributes(scope, "logs", { id: "workspace-id", sharedKeyAccess });

  const environment = (scope: Scope, logWorkspace: ILogWorkspace) =>
    new ContainerEnvironment(scope, "user", {
      ...place,
      name: "cae-shop-dev",
      infrastructureResourceGroupName: "rg-shop-dev-infrastructure",
      subnetId: "subnet-id",
      logWorkspace,
      logDestination: "log-analytics",
    });
  const alert = (scope: Scope, logWorkspace: ILogWorkspace) =>
    new GateAlert(scope, "user", {
      ...place,
      name: "shop-dev",
      containerAppName: "ca-shop-dev",
      emails: ["platform@shop.example"],
      logWorkspace,
      logDestination: "log-analytics",
    });

  it.each([
    ["an environment sends", "one that is made", environment, workspace({})],
    ["an environment sends", "one that others closed", environment, imported(false)],
    ["an alert looks for", "one that is made", alert, workspace({ sharedKeyAccess: false })],
  ] as const)("fails when %s them and %s takes none", (_, __, use, create) => {
    expect(constructing((scope) => use(scope as Scope, create(scope as Scope)))).toThrow(
      "test/user: 'logDestination' (log-analytics) signs lines with the shared key of 'logWorkspace', which takes none " +
        "('sharedKeyAccess' false): they would be lost. Use azure-monitor, or let the workspace have 'sharedKeyAccess' true",
    );
  });

  it.each([
    ["is made to take them", workspace({ sharedKeyAccess: true })],
    ["is known to take them", imported(true)],
    ["is somebody else's to know", imported()],
  ] as const)("arrive where the workspace %s", (_, create) => {
    const stack = synthesizeStack((scope) => {
      environment(scope, create(scope));
    });
    expect(onlyResource(stack, "azurerm_container_app_environment").logs_destination).toBe("log-analytics");
  });
});
