import { requireNothingLost } from "../../../deploy/terraform/guard";
import { findLosses } from "../../../deploy/terraform/losses";
import type { Plan, ResourceChange } from "../../../deploy/terraform/plan";
import { findRefusedUpdates } from "../../../deploy/terraform/refused-updates";
import { findWithoutEffect } from "../../../deploy/terraform/without-effect";

type Change = ResourceChange["change"];

const plan = (type: string, change: Partial<Change>, reason?: string): Plan => ({
  resource_changes: [
    {
      address: `${type}.it`,
      mode: "managed",
      type,
      change: { actions: ["delete", "create"], before: {}, after: {}, ...change },
      action_reason: reason,
    },
  ],
});

const server = "azurerm_postgresql_flexible_server";

describe("INV-26: what holds data, or carries what does, is not replaced or destroyed unasked", () => {
  it.each<[what: string, type: string, change: Partial<Change>, reason: string | undefined, why: RegExp]>([
    [
      "a setting that a server keeps",
      server,
      {
        before: { name: "psql-shop", geo_redundant_backup_enabled: false },
        after: { name: "psql-shop", geo_redundant_backup_enabled: true },
        replace_paths: [["geo_redundant_backup_enabled"]],
      },
      "replace_because_cannot_update",
      /^ {2}\S+\.it \(psql-shop\) is replaced: geo_redundant_backup_enabled changes from false to true: Azure cannot .+\n {4}instead: postgres\.geoRedundantBackup/m,
    ],
    [
      "a list's entry, and a value that is known only then",
      "azurerm_container_app_environment",
      {
        before: { workload_profile: [{ name: "a" }], infrastructure_subnet_id: "/subnets/a" },
        after: { workload_profile: [{ name: "b" }] },
        after_unknown: { infrastructure_subnet_id: true },
        replace_paths: [["workload_profile", 0, "name"], ["infrastructure_subnet_id"]],
      },
      "replace_because_cannot_update",
      /workload_profile\[0\]\.name changes from "a" to "b", infrastructure_subnet_id changes from "\/subnets\/a" to one known only then/,
    ],
    [
      "a resource that the stacks no longer have",
      "azurerm_container_registry",
      { actions: ["delete"], after: null },
      "delete_because_no_resource_config",
      /is destroyed: the settings or stacks no longer have it/,
    ],
    [
      "one whose creation was cut off",
      server,
      {},
      "replace_because_tainted",
      /its creation was not finished.+\n {4}instead: .+'terraform untaint azurerm_postgresql_flexible_server\.it'/,
    ],
    [
      "one that is made before the old one goes",
      "azurerm_log_analytics_workspace",
      { actions: ["create", "delete"] },
      "replace_by_triggers",
      /is replaced: what it is tied to is replaced/,
    ],
    [
      "an identity, which is a role too",
      "azurerm_user_assigned_identity",
      { actions: ["delete"], after: null },
      "delete_because_no_resource_config",
      /instead: jobs and app may still run as it/,
    ],
    [
      "a kind of resource that a project added",
      "azurerm_storage_account",
      { actions: ["delete"], after: null },
      "delete_because_no_resource_config",
      /azurerm_storage_account\.it is destroyed/,
    ],
  ])("%s", (_, type, change, reason, why) => {
    const check = () => requireNothingLost("platform", plan(type, change, reason), []);
    expect(check).toThrow(expect.objectContaining({ code: "would-lose-data", exitCode: 4 }));
    expect(check).toThrow(why);
    expect(() => requireNothingLost("platform", plan(type, change, reason), [`${type}.it`])).not.toThrow();
    expect(() => requireNothingLost("platform", plan(type, change, reason), [`${type}.other`])).toThrow();
  });

  it("names the options to copy, each of them", () => {
    const both = {
      resource_changes: [server, "azurerm_subnet"].flatMap((type) => plan(type, {}).resource_changes ?? []),
    };
    expect(() => requireNothingLost("platform", both, [])).toThrow(
      expect.objectContaining({
        hint: expect.stringContaining(`--allow-replace '${server}.it' --allow-replace 'azurerm_subnet.it'`),
      }),
    );
  });

  it("never prints what is sensitive", () => {
    const change = {
      before: { administrator_password: "old secret" },
      after: { administrator_password: "new secret" },
      before_sensitive: { administrator_password: true },
      after_sensitive: { administrator_password: true },
      replace_paths: [["administrator_password"]],
    };
    const [loss] = findLosses(plan(server, change));
    expect(loss?.why).toMatch(/^administrator_password changes: /);
    expect(JSON.stringify(loss)).not.toContain("secret");
  });

  it.each([
    [
      "an operator's right",
      plan("azurerm_postgresql_flexible_server_active_directory_administrator", { actions: ["delete"] }),
    ],
    ["a lock", plan("azurerm_management_lock", {})],
    ["a job", plan("azurerm_container_app_job", {})],
    ["a change in place", plan(server, { actions: ["update"] })],
    ["what a project forgets, and Azure keeps", plan(server, { actions: ["forget"] })],
    ["nothing at all", {}],
  ])("%s may go", (_, harmless) => {
    expect(() => requireNothingLost("platform", harmless, [])).not.toThrow();
  });
});

describe("what Azure refuses although the plan shows it is refused before", () => {
  it.each<[what: string, type: string, before: object, after: object, why: RegExp]>([
    [
      "another zone without a standby",
      server,
      { zone: "1", high_availability: [] },
      { zone: "2" },
      /zone changes from 1 to 2/,
    ],
    [
      "another range of a subnet in use",
      "azurerm_subnet",
      { address_prefixes: ["10.0.0.0/23"], delegation: [{}] },
      { address_prefixes: ["10.0.2.0/23"], delegation: [{}] },
      /address_prefixes changes from 10\.0\.0\.0\/23/,
    ],
    [
      "a smaller registry that is spread over zones",
      "azurerm_container_registry",
      { sku: "Premium", zone_redundancy_enabled: true },
      { sku: "Standard" },
      /sku changes from Premium to Standard/,
    ],
  ])("%s", (_, type, before, after, why) => {
    const refused = plan(type, { actions: ["update"], before: { ...before }, after: { ...after } });
    expect(() => requireNothingLost("platform", refused, [`${type}.it`])).toThrow(why);
  });

  it.each<[what: string, type: string, before: object, after: object]>([
    ["zones that a failover swaps", server, { zone: "1", high_availability: [{}] }, { zone: "2" }],
    ["a zone that is known only then", server, { zone: "1" }, {}],
    [
      "a subnet that nothing is in",
      "azurerm_subnet",
      { address_prefixes: ["10.0.0.0/23"] },
      { address_prefixes: ["10.0.2.0/23"] },
    ],
  ])("%s is no such change", (_, type, before, after) => {
    expect(findRefusedUpdates(plan(type, { actions: ["update"], before: { ...before }, after: { ...after } }))).toEqual(
      [],
    );
  });
});

describe("a setting that does nothing", () => {
  const configured = (values: object, ignore: readonly string[]) => ({
    resource: { [server]: { it: { ...values, lifecycle: { ignore_changes: ignore } } } },
  });
  const existing = (before: object) => plan(server, { actions: ["no-op"], before: { ...before } });

  it("is named with both values and the way to bring it about", () => {
    expect(
      findWithoutEffect(configured({ storage_mb: 65536 }, ["storage_mb"]), existing({ storage_mb: 32768 })),
    ).toEqual([
      {
        address: `${server}.it`,
        attribute: "storage_mb",
        wanted: 65536,
        is: 32768,
        how: expect.stringContaining("az postgres flexible-server update --storage-size"),
      },
    ]);
  });

  it.each([
    ["it is as wanted", { zone: "1" }, ["zone"], { zone: "1" }],
    ["a deployment changes it", { zone: "2" }, [], { zone: "1" }],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own references look like this
    ["it refers to something else", { zone: "${azurerm_x.y.zone}" }, ["zone"], { zone: "1" }],
    ["nothing is there yet", { zone: "2" }, ["zone"], {}],
  ])("is none where %s", (_, values, ignore, before) => {
    expect(findWithoutEffect(configured(values, ignore), existing(before))).toEqual([]);
  });
});
