import { sendDiagnostics } from "../../../infra/constructs/diagnostics";
import { onlyResource, synthesizeStack } from "../support/synthesized";

it("sends the categories that are named, and all metrics", () => {
  const stack = synthesizeStack((scope) =>
    sendDiagnostics(scope, {
      targetResourceId: "server-id",
      logWorkspaceId: "workspace-id",
      categories: ["PostgreSQLLogs", "PostgreSQLFlexSessions"],
    }),
  );
  expect(onlyResource(stack, "azurerm_monitor_diagnostic_setting")).toMatchObject({
    target_resource_id: "server-id",
    log_analytics_workspace_id: "workspace-id",
    enabled_log: [{ category: "PostgreSQLLogs" }, { category: "PostgreSQLFlexSessions" }],
    enabled_metric: [{ category: "AllMetrics" }],
  });
});

it("leaves out what services answer with another value, or refuse", () => {
  const stack = synthesizeStack((scope) =>
    sendDiagnostics(scope, { targetResourceId: "server-id", logWorkspaceId: "workspace-id", categories: ["One"] }),
  );
  const setting = onlyResource(stack, "azurerm_monitor_diagnostic_setting");
  expect(setting).not.toHaveProperty("log_analytics_destination_type");
  expect(setting.enabled_log).toEqual([{ category: "One" }]);
});
