import { GateAlert, type GateAlertProps } from "../../../infra/constructs/gate-alert";
import { crashedMigratorsQuery, failedRunsQuery } from "../../../infra/log-queries";
import { unknownText } from "../support/app-props";
import { constructing, type Json, onlyResource, resourcesOfType, synthesizeStack } from "../support/synthesized";

const leastProps: GateAlertProps = {
  name: "shop-dev",
  containerAppName: "ca-shop-dev",
  resourceGroupName: "rg-shop-dev",
  location: "westeurope",
  logWorkspace: { id: "workspace-id" },
  emails: ["platform@shop.example"],
};

const synthesizeAlert = (props: Partial<GateAlertProps> = {}): Json =>
  synthesizeStack((scope) => new GateAlert(scope, "alert", { ...leastProps, ...props }));

const creating = (props: Partial<GateAlertProps>) =>
  constructing((scope) => new GateAlert(scope, "alert", { ...leastProps, ...props }));

/** Both rules by the last part of their names. */
function rulesOf(stack: Json): { readonly failed: Json; readonly crashed: Json } {
  const rules = resourcesOfType(stack, "azurerm_monitor_scheduled_query_rules_alert_v2").map(([, rule]) => rule);
  const named = (name: string) => rules.filter((rule) => rule.name.endsWith(name));
  const [failed, crashed] = [...named("-migrator-failed"), ...named("-migrator-crashed")];
  if (rules.length !== 2 || failed === undefined || crashed === undefined) throw new Error("not the two rules");
  return { failed, crashed };
}

it("asks what a failed migrator printed, and what the platform says of its container", () => {
  const { failed, crashed } = rulesOf(synthesizeAlert());
  const logs = { destination: "azure-monitor", app: "ca-shop-dev" } as const;
  expect(failed.criteria[0].query).toBe(failedRunsQuery(logs));
  expect(crashed.criteria[0].query).toBe(crashedMigratorsQuery(logs));
});

it("asks in the tables of the environment's log destination", () => {
  const { failed, crashed } = rulesOf(synthesizeAlert({ logDestination: "log-analytics" }));
  const logs = { destination: "log-analytics", app: "ca-shop-dev" } as const;
  expect(failed.criteria[0].query).toBe(failedRunsQuery(logs));
  expect(crashed.criteria[0].query).toBe(crashedMigratorsQuery(logs));
});

it("names the revision, one alert for each", () => {
  const { failed, crashed } = rulesOf(synthesizeAlert());
  const each = (name: string) => ({ name, operator: "Include", values: ["*"] });
  expect(failed.criteria[0].dimension).toEqual([each("RevisionName"), each("Code")]);
  expect(crashed.criteria[0].dimension).toEqual([each("RevisionName")]);
  expect(failed.display_name).toBe("The gate of ca-shop-dev holds: a migrator failed");
  expect(crashed.display_name).toBe("The gate of ca-shop-dev holds: a migrator's container crashed or cannot start");
});

it("fires on the first line, ends by itself, and works before any line arrived", () => {
  for (const rule of Object.values(rulesOf(synthesizeAlert()))) {
    expect(rule).toMatchObject({
      scopes: ["workspace-id"],
      resource_group_name: "rg-shop-dev",
      location: "westeurope",
      severity: 1,
      evaluation_frequency: "PT5M",
      window_duration: "PT10M",
      auto_mitigation_enabled: true,
      skip_query_validation: true,
      criteria: [
        {
          time_aggregation_method: "Count",
          operator: "GreaterThan",
          threshold: 0,
          failing_periods: { minimum_failing_periods_to_trigger_alert: 1, number_of_evaluation_periods: 1 },
        },
      ],
    });
  }
});

it("sends mails through an action group of its own", () => {
  const stack = synthesizeAlert({ emails: ["platform@shop.example", "oncall@shop.example"] });
  const receiver = (address: string) => ({ name: address, email_address: address, use_common_alert_schema: true });
  const group = onlyResource(stack, "azurerm_monitor_action_group");
  expect(group).toMatchObject({
    name: "ag-shop-dev-gate",
    short_name: "schemagate",
    location: "global",
    email_receiver: [receiver("platform@shop.example"), receiver("oncall@shop.example")],
  });
  // Azure takes no longer one.
  expect(group.short_name.length).toBeLessThanOrEqual(12);
  for (const rule of Object.values(rulesOf(stack))) {
    expect(rule.action.action_groups).toEqual([expect.stringMatching(/^\$\{azurerm_monitor_action_group\..*\.id\}$/)]);
  }
});

it("tells an action group that somebody else owns, with or without mails", () => {
  const alone = synthesizeAlert({ emails: undefined, actionGroupId: "pager-id" });
  expect(rulesOf(alone).failed.action.action_groups).toEqual(["pager-id"]);
  expect(alone.resource).not.toHaveProperty("azurerm_monitor_action_group");

  const both = synthesizeAlert({ actionGroupId: "pager-id" });
  expect(rulesOf(both).failed.action.action_groups).toEqual([expect.stringContaining("action-group"), "pager-id"]);
});

it("takes a severity and tags", () => {
  const stack = synthesizeAlert({ severity: 0, tags: { owner: "platform" } });
  expect(onlyResource(stack, "azurerm_monitor_action_group").tags).toEqual({ owner: "platform" });
  for (const rule of Object.values(rulesOf(stack))) {
    expect(rule).toMatchObject({ severity: 0, tags: { owner: "platform" } });
  }
});

it("hands out its resources for what it has no prop for", () => {
  const stack = synthesizeStack((scope) => {
    const alert = new GateAlert(scope, "alert", leastProps);
    alert.actionGroup?.addOverride("enabled", false);
    for (const rule of alert.rules) rule.addOverride("mute_actions_after_alert_duration", "PT1H");
  });
  expect(onlyResource(stack, "azurerm_monitor_action_group").enabled).toBe(false);
  expect(rulesOf(stack).crashed.mute_actions_after_alert_duration).toBe("PT1H");
});

it.each([undefined, []])("fails when it would reach nobody (emails %j)", (emails) => {
  expect(creating({ emails })).toThrow(
    "test/alert: neither 'emails' nor 'actionGroupId' is given: the alert would reach nobody. Give one of them",
  );
});

it("fails when an address is none", () => {
  expect(creating({ emails: ["platform@shop.example", "platform", "a b@shop.example"] })).toThrow(
    "test/alert: 'emails' (platform, a b@shop.example) must be mail addresses. Write for instance 'platform@shop.example'",
  );
});

it("may be told an address that is known only at deploy time", () => {
  const group = onlyResource(synthesizeAlert({ emails: [unknownText] }), "azurerm_monitor_action_group");
  expect(group.email_receiver[0].email_address).toBe("known later");
});

it.each([-1, 5, 1.5])("fails when the severity is %d", (severity) => {
  expect(creating({ severity })).toThrow(
    `test/alert: 'severity' (${severity}) must be a whole number from 0, critical, to 4, verbose. Choose one`,
  );
});
