import { LogWorkspace, type LogWorkspaceProps } from "../../../infra/constructs/log-workspace";
import { type Json, onlyResource, synthesizeStack } from "../support/synthesized";

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
