import { adviceFor } from "./advice";
import { type Path, type Plan, pathText, type ResourceChange, valueAt } from "./plan";

/** A resource that a plan would take away, for good or to make another in its place. */
export interface Loss {
  readonly address: string;
  /** What Azure calls it, where the state knows. */
  readonly name?: string;
  readonly how: "destroyed" | "replaced";
  readonly why: string;
  /** How to get what was wanted without the loss. */
  readonly advice?: string;
}

/**
 * Kinds of resources that hold nothing: made again, they are what they were. All others count as holding data, or as
 * carrying what does, also the ones that a project adds and nobody here has heard of.
 */
const holdNothing: ReadonlySet<string> = new Set([
  "azapi_update_resource",
  "azurerm_container_app_job",
  "azurerm_management_lock",
  "azurerm_monitor_action_group",
  "azurerm_monitor_activity_log_alert",
  "azurerm_monitor_diagnostic_setting",
  "azurerm_monitor_metric_alert",
  "azurerm_monitor_scheduled_query_rules_alert_v2",
  "azurerm_postgresql_flexible_server_active_directory_administrator",
  "azurerm_postgresql_flexible_server_configuration",
  "azurerm_postgresql_flexible_server_firewall_rule",
  "azurerm_role_assignment",
  "terraform_data",
]);

/** @returns what a plan would destroy or replace, without what holds nothing. */
export function findLosses({ resource_changes = [] }: Plan): Loss[] {
  return resource_changes
    .filter(
      ({ mode, type, change }) => mode === "managed" && change.actions.includes("delete") && !holdNothing.has(type),
    )
    .map((resource) => ({
      address: resource.address,
      name: nameOf(resource),
      how: resource.change.actions.includes("create") ? "replaced" : "destroyed",
      why: whyOf(resource),
      advice: adviceFor(resource),
    }));
}

function nameOf({ change }: ResourceChange): string | undefined {
  const name = change.before?.name;
  return typeof name === "string" ? name : undefined;
}

/** Terraform's own reasons, in words. */
const reasons: Readonly<Record<string, string>> = {
  replace_because_tainted: "its creation was not finished, or somebody marked it as tainted",
  replace_by_request: "-replace asks for it",
  replace_by_triggers: "what it is tied to is replaced",
  delete_because_no_resource_config: "the settings or stacks no longer have it",
  delete_because_count_index: "the settings or stacks no longer have it",
  delete_because_each_key: "the settings or stacks no longer have it",
};

function whyOf({ change, action_reason = "" }: ResourceChange): string {
  const paths = change.replace_paths ?? [];
  const changes = paths.map((path) => describeChange(change, path));
  if (changes.length > 0) return `${changes.join(", ")}: Azure cannot change that on what is there`;
  return reasons[action_reason] ?? "the plan says so";
}

function describeChange(change: ResourceChange["change"], path: Path): string {
  const name = pathText(path);
  if (valueAt(change.before_sensitive, path) === true || valueAt(change.after_sensitive, path) === true) {
    return `${name} changes`;
  }
  const after = isUnknown(change.after_unknown, path) ? "one known only then" : show(valueAt(change.after, path));
  return `${name} changes from ${show(valueAt(change.before, path))} to ${after}`;
}

/** A part of what is unknown as a whole is unknown too. */
function isUnknown(unknown: unknown, path: Path): boolean {
  return path.some((_, length) => valueAt(unknown, path.slice(0, length)) === true) || valueAt(unknown, path) === true;
}

function show(value: unknown): string {
  return value === undefined || value === null ? "nothing" : JSON.stringify(value);
}
