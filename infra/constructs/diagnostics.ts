import { MonitorDiagnosticSetting } from "@cdktf/provider-azurerm/lib/monitor-diagnostic-setting";
import type { Construct } from "constructs";

export interface DiagnosticsProps {
  /** Resource whose logs are sent. */
  readonly targetResourceId: string;
  /** Workspace that gets them. */
  readonly logWorkspaceId: string;
  /** Log categories, as Azure names them. */
  readonly categories: readonly string[];
}

/**
 * Sends a resource's logs and metrics to a workspace.
 *
 * No `log_analytics_destination_type`: several services answer with another value than they were given, and each plan
 * would then show a change. No category groups beside categories: the service refuses the mixture.
 */
export function sendDiagnostics(scope: Construct, props: DiagnosticsProps): MonitorDiagnosticSetting {
  return new MonitorDiagnosticSetting(scope, "diagnostics", {
    name: "to-log-workspace",
    targetResourceId: props.targetResourceId,
    logAnalyticsWorkspaceId: props.logWorkspaceId,
    enabledLog: props.categories.map((category) => ({ category })),
    // Stated: azurerm reads metrics back whether or not they were asked for.
    enabledMetric: [{ category: "AllMetrics" }],
  });
}
