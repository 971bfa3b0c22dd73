import { MonitorActionGroup } from "@cdktf/provider-azurerm/lib/monitor-action-group";
import { MonitorScheduledQueryRulesAlertV2 } from "@cdktf/provider-azurerm/lib/monitor-scheduled-query-rules-alert-v2";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { ConfigurationError } from "../errors";
import { crashedMigratorsQuery, failedRunsQuery, type LogDestination } from "../log-queries";
import { location, logWorkspace, resourceGroupName, someText, tags } from "./azure-checks";
import { anything, type ChecksOf, listOf, must, oneOf, optional, requireProps, text } from "./checks";
import { type ILogWorkspace, requireOpenWorkspace } from "./log-workspace";

export interface GateAlertProps {
  /** Name of the container app whose gate is watched. */
  readonly containerAppName: string;
  readonly resourceGroupName: string;
  readonly location: string;

  /** Workspace that has the environment's lines. */
  readonly logWorkspace: ILogWorkspace;

  /**
   * How they got there.
   * @default "azure-monitor"
   */
  readonly logDestination?: LogDestination;

  /** First part of the names of rules and action group. */
  readonly name: string;

  /**
   * Addresses that get a mail.
   * @default - none
   */
  readonly emails?: readonly string[];

  /**
   * Action group that somebody else owns, for chat, pager or ticket.
   * @default - none
   */
  readonly actionGroupId?: string;

  /**
   * 0 critical to 4 verbose.
   * @default 1
   */
  readonly severity?: number;

  /** @default - none */
  readonly tags?: Record<string, string>;
}

const alertChecks: ChecksOf<GateAlertProps> = {
  containerAppName: someText,
  resourceGroupName,
  location,
  logWorkspace,
  logDestination: optional(
    oneOf(["azure-monitor", "log-analytics"], "lines come by no other way. Name the one of the container environment"),
  ),
  name: text(
    /^[^*#&+:<>?@%{}\\/\s]{1,200}$/,
    "must be the first part of names: at most 200 characters, none of * # & + : < > ? @ % { } \\ / and no blank. Rename it",
  ),
  // Looked at all together below, each to be told.
  emails: optional(listOf(anything)),
  actionGroupId: optional(someText),
  severity: optional(
    must(
      (severity) => [0, 1, 2, 3, 4].includes(severity as number),
      "must be a whole number from 0, critical, to 4, verbose. Choose one",
    ),
  ),
  tags,
};

/** Often enough to be told before the next attempt, seldom enough to cost little. */
const everyFiveMinutes = "PT5M";
/** Lines may arrive some minutes late; a window as short as the interval would miss them. */
const lookBack = "PT10M";

/**
 * Tells somebody when the gate holds: a rule on what a failed migrator printed, and one on what the platform says of its
 * container when it could print nothing. Both name the revision, and end by themselves once nothing fails any more.
 *
 * @example
 * new GateAlert(this, "gate-alert", {
 *   name: "shop-dev",
 *   containerAppName: "ca-shop-dev",
 *   resourceGroupName: group.name,
 *   location: group.location,
 *   logWorkspace: logs,
 *   emails: ["platform@shop.example"],
 * });
 */
export class GateAlert extends Construct {
  /** Present with `emails`. */
  readonly actionGroup?: MonitorActionGroup;
  readonly rules: readonly MonitorScheduledQueryRulesAlertV2[];
  /** Rules and action group, for what this construct has no prop for. */
  readonly resources: readonly (MonitorScheduledQueryRulesAlertV2 | MonitorActionGroup)[];

  constructor(scope: Construct, id: string, props: GateAlertProps) {
    super(scope, id);
    requireProps(props, alertChecks, this.node.path);
    const { emails = [], logDestination = "azure-monitor" } = props;
    requireSomebody(props, this.node.path);
    requireOpenWorkspace(props.logWorkspace, logDestination, this.node.path);
    if (emails.length > 0) this.actionGroup = this.createActionGroup(props, emails);

    const logs = { destination: logDestination, app: props.containerAppName } as const;
    this.rules = [
      this.createRule("migrator-failed", props, {
        description: `The gate of ${props.containerAppName} holds: a migrator failed`,
        query: failedRunsQuery(logs),
        columns: ["RevisionName", "Code"],
      }),
      this.createRule("migrator-crashed", props, {
        description: `The gate of ${props.containerAppName} holds: a migrator's container crashed or cannot start`,
        query: crashedMigratorsQuery(logs),
        columns: ["RevisionName"],
      }),
    ];
    this.resources = this.actionGroup === undefined ? this.rules : [...this.rules, this.actionGroup];
  }

  private createActionGroup(props: GateAlertProps, emails: readonly string[]): MonitorActionGroup {
    return new MonitorActionGroup(this, "action-group", {
      name: `ag-${props.name}-gate`,
      resourceGroupName: props.resourceGroupName,
      // At most 12 characters; stands in text messages.
      shortName: "schemagate",
      location: "global",
      emailReceiver: emails.map((emailAddress) => ({
        name: emailAddress,
        emailAddress,
        useCommonAlertSchema: true,
      })),
      tags: props.tags,
    });
  }

  private createRule(
    id: string,
    props: GateAlertProps,
    rule: { readonly description: string; readonly query: string; readonly columns: readonly string[] },
  ): MonitorScheduledQueryRulesAlertV2 {
    const groups = [this.actionGroup?.id, props.actionGroupId].filter((group) => group !== undefined);
    return new MonitorScheduledQueryRulesAlertV2(this, id, {
      name: `alert-${props.name}-${id}`,
      displayName: rule.description,
      resourceGroupName: props.resourceGroupName,
      location: props.location,
      scopes: [props.logWorkspace.id],
      severity: props.severity ?? 1,
      evaluationFrequency: everyFiveMinutes,
      windowDuration: lookBack,
      criteria: [
        {
          query: rule.query,
          timeAggregationMethod: "Count",
          operator: "GreaterThan",
          threshold: 0,
          // One alert per revision, which the message then names.
          dimension: rule.columns.map((name) => ({ name, operator: "Include", values: ["*"] })),
          failingPeriods: { minimumFailingPeriodsToTriggerAlert: 1, numberOfEvaluationPeriods: 1 },
        },
      ],
      autoMitigationEnabled: true,
      // A new workspace has no such table before the first line has arrived, and the check would fail.
      skipQueryValidation: true,
      action: { actionGroups: groups },
      tags: props.tags,
    });
  }
}

function requireSomebody({ emails = [], actionGroupId }: GateAlertProps, construct: string): void {
  const wrong = emails.filter((email) => !Token.isUnresolved(email) && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email));
  if (wrong.length > 0) {
    throw new ConfigurationError(
      `${construct}: 'emails' (${wrong.join(", ")}) must be mail addresses. Write for instance 'platform@shop.example'`,
    );
  }
  const twice = emails.find((email, index) => emails.indexOf(email) !== index);
  if (twice !== undefined) {
    throw new ConfigurationError(
      `${construct}: 'emails' names ${twice} twice: receivers have names of their own. Remove one`,
    );
  }
  if (emails.length === 0 && actionGroupId === undefined) {
    throw new ConfigurationError(
      `${construct}: neither 'emails' nor 'actionGroupId' is given: the alert would reach nobody. Give one of them`,
    );
  }
}
