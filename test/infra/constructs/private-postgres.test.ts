import { TerraformOutput } from "cdktf";
import { PrivatePostgres } from "../../../infra/constructs/private-postgres";
import type { PrivatePostgresProps } from "../../../infra/constructs/private-postgres-props";
import { leastServerProps as leastProps, unknownNumber, unknownText } from "../support/app-props";
import { constructing, type Json, onlyResource, resourcesOfType, synthesizeStack } from "../support/synthesized";

const synthesizePostgres = (props: Partial<PrivatePostgresProps> = {}): Json =>
  synthesizeStack((scope) => new PrivatePostgres(scope, "postgres", { ...leastProps, ...props }));

const serverOf = (stack: Json) => onlyResource(stack, "azurerm_postgresql_flexible_server");

const creating = (props: Partial<PrivatePostgresProps>) =>
  constructing((scope) => new PrivatePostgres(scope, "postgres", { ...leastProps, ...props }));

it("is reachable from its network only", () => {
  const stack = synthesizePostgres();
  expect(serverOf(stack)).toMatchObject({ public_network_access_enabled: false, delegated_subnet_id: "subnet-id" });
  expect(onlyResource(stack, "azurerm_private_dns_zone_virtual_network_link").virtual_network_id).toBe("network-id");
});

it("waits for its DNS zone to be linked", () => {
  const stack = synthesizePostgres();
  const [link] = Object.keys(stack.resource.azurerm_private_dns_zone_virtual_network_link);
  expect(serverOf(stack).depends_on).toEqual([`azurerm_private_dns_zone_virtual_network_link.${link}`]);
});

it("knows identities and no password", () => {
  const stack = synthesizePostgres();
  const server = serverOf(stack);
  expect(server.authentication).toEqual({
    active_directory_auth_enabled: true,
    password_auth_enabled: false,
    tenant_id: "tenant-id",
  });
  expect(server).not.toHaveProperty("administrator_login");
  expect(server).not.toHaveProperty("administrator_password");
  expect(onlyResource(stack, "azurerm_postgresql_flexible_server_active_directory_administrator")).toMatchObject({
    object_id: "principal-id",
    principal_name: "id-shop-dev-db-admin",
    principal_type: "ServicePrincipal",
  });
});

it("has its database", () => {
  expect(onlyResource(synthesizePostgres(), "azurerm_postgresql_flexible_server_database")).toMatchObject({
    name: "shop",
    charset: "UTF8",
    collation: "en_US.utf8",
  });
});

it("states its zone and has no standby unless asked", () => {
  const server = serverOf(synthesizePostgres());
  expect(server.zone).toBe("1");
  expect(server).not.toHaveProperty("high_availability");
  expect(server.lifecycle.ignore_changes).toEqual(["storage_mb"]);
});

it("states both zones of a pair and never swaps them back after a failover", () => {
  const server = serverOf(synthesizePostgres({ standbyZone: "2" }));
  expect(server.zone).toBe("1");
  expect(server.high_availability).toEqual({ mode: "ZoneRedundant", standby_availability_zone: "2" });
  expect(server.lifecycle.ignore_changes).toEqual([
    "storage_mb",
    "zone",
    "high_availability[0].standby_availability_zone",
  ]);
});

it("keeps backups for a week, in one region, unless told otherwise", () => {
  expect(serverOf(synthesizePostgres())).toMatchObject({
    backup_retention_days: 7,
    geo_redundant_backup_enabled: false,
  });
  expect(serverOf(synthesizePostgres({ backupRetentionDays: 35, geoRedundantBackup: true }))).toMatchObject({
    backup_retention_days: 35,
    geo_redundant_backup_enabled: true,
  });
});

it("protects server and database together", () => {
  const stack = synthesizePostgres({ preventDestroy: true });
  expect(serverOf(stack).lifecycle.prevent_destroy).toBe(true);
  expect(onlyResource(stack, "azurerm_postgresql_flexible_server_database").lifecycle.prevent_destroy).toBe(true);
});

it("keeps a standby in its own zone where a region has no others", () => {
  const server = serverOf(synthesizePostgres({ standbyInSameZone: true }));
  expect(server.high_availability).toEqual({ mode: "SameZone", standby_availability_zone: "1" });
  expect(server.lifecycle.ignore_changes).toContain("zone");
});

it("lets the disk grow by itself, and never shrinks it back, unless told otherwise", () => {
  expect(serverOf(synthesizePostgres())).toMatchObject({ storage_mb: 32768, auto_grow_enabled: true });
  const fixed = serverOf(synthesizePostgres({ storageAutoGrow: false }));
  expect(fixed.auto_grow_enabled).toBe(false);
  expect(fixed.lifecycle).not.toHaveProperty("ignore_changes");
});

it("is patched when the service chooses unless a window is given", () => {
  expect(serverOf(synthesizePostgres())).not.toHaveProperty("maintenance_window");
  const server = serverOf(synthesizePostgres({ maintenanceWindow: { dayOfWeek: 0, startHour: 3 } }));
  expect(server.maintenance_window).toEqual({ day_of_week: 0, start_hour: 3, start_minute: 0 });
  const late = { dayOfWeek: 6, startHour: 23, startMinute: 30 };
  expect(serverOf(synthesizePostgres({ maintenanceWindow: late })).maintenance_window.start_minute).toBe(30);
});

describe("its subnet", () => {
  it("can be made in a network, of a range", () => {
    const own = { subnetId: undefined, subnetRange: "10.20.2.0/28", virtualNetworkName: "vnet-shop-dev" };
    const stack = synthesizePostgres(own);
    expect(onlyResource(stack, "azurerm_subnet")).toMatchObject({
      name: "snet-postgres",
      resource_group_name: "rg-shop-dev",
      virtual_network_name: "vnet-shop-dev",
      address_prefixes: ["10.20.2.0/28"],
    });
    expect(serverOf(stack).delegated_subnet_id).toMatch(/^\$\{azurerm_subnet\..*\.id\}$/);
  });

  it("has the name that it is given", () => {
    const own = { subnetId: undefined, subnetRange: "10.20.2.0/28", virtualNetworkName: "vnet-shop-dev" };
    const stack = synthesizePostgres({ ...own, subnetName: "snet-billing-postgres" });
    expect(onlyResource(stack, "azurerm_subnet").name).toBe("snet-billing-postgres");
  });

  it.each([
    [{ subnetName: "snet-other" }, "'subnetName' (snet-other)"],
    [{ virtualNetworkName: "vnet-other" }, "'virtualNetworkName' (vnet-other)"],
  ])("fails when it is there already and %j says how to make it", (props, named) => {
    expect(creating(props)).toThrow(
      `test/postgres: ${named} says how to make a subnet, and 'subnetId' names one that is there. Remove one`,
    );
  });

  it("is not made where one is named", () => {
    expect(synthesizePostgres().resource).not.toHaveProperty("azurerm_subnet");
  });
});

describe("its DNS zone", () => {
  it("is made and linked to the network", () => {
    const stack = synthesizePostgres();
    expect(onlyResource(stack, "azurerm_private_dns_zone").name).toBe("shop.private.postgres.database.azure.com");
    expect(onlyResource(stack, "azurerm_private_dns_zone_virtual_network_link").registration_enabled).toBe(false);
    expect(serverOf(stack).private_dns_zone_id).toMatch(/^\$\{azurerm_private_dns_zone\..*\.id\}$/);
  });

  it("can be one that somebody else owns and has linked", () => {
    const stack = synthesizePostgres({
      privateDnsZoneName: undefined,
      virtualNetworkId: undefined,
      privateDnsZoneId: "zone-id",
    });
    expect(serverOf(stack).private_dns_zone_id).toBe("zone-id");
    expect(serverOf(stack).depends_on).toEqual([]);
    expect(stack.resource).not.toHaveProperty("azurerm_private_dns_zone");
    expect(stack.resource).not.toHaveProperty("azurerm_private_dns_zone_virtual_network_link");
  });
});

it("lets people administer it too, each under an address that their name is no part of", () => {
  const stack = synthesizePostgres({
    operators: [
      { name: "dba", objectId: "group-id", type: "Group" },
      { name: "ada@shop.example", objectId: "user-id", type: "User" },
    ],
  });
  const administrators = resourcesOfType(stack, "azurerm_postgresql_flexible_server_active_directory_administrator");
  expect(
    administrators.map(([, one]) => [one.principal_name, one.object_id, one.principal_type, one.tenant_id]),
  ).toEqual([
    ["id-shop-dev-db-admin", "principal-id", "ServicePrincipal", "tenant-id"],
    ["dba", "group-id", "Group", "tenant-id"],
    ["ada@shop.example", "user-id", "User", "tenant-id"],
  ]);
  expect(administrators.map(([id]) => id).join()).not.toMatch(/dba|ada/);
});

it("sets parameters and extensions", () => {
  const stack = synthesizePostgres({ configuration: { work_mem: "8192" }, extensions: ["pg_trgm"] });
  const parameters = resourcesOfType(stack, "azurerm_postgresql_flexible_server_configuration");
  expect(parameters.map(([, { name, value }]) => [name, value])).toEqual([
    ["azure.extensions", "PG_TRGM"],
    ["ssl_min_protocol_version", "TLSv1.2"],
    ["work_mem", "8192"],
  ]);
});

it("takes TLS 1.2 and later, unless it is told to take 1.3 only", () => {
  const minimum = (configuration?: Record<string, string>) =>
    onlyResource(synthesizePostgres({ configuration }), "azurerm_postgresql_flexible_server_configuration");
  expect(minimum()).toMatchObject({ name: "ssl_min_protocol_version", value: "TLSv1.2" });
  expect(minimum({ ssl_min_protocol_version: "TLSv1.3" })).toMatchObject({ value: "TLSv1.3" });
});

it("changes the server step by step: administrator, database, one operator after the other, parameters", () => {
  const operator = (name: string) => ({ name, objectId: `${name}-id`, type: "User" }) as const;
  const { resource } = synthesizePostgres({
    operators: [operator("ada"), operator("bo")],
    configuration: { work_mem: "8192" },
  });
  const administrators: Record<string, Json> =
    resource.azurerm_postgresql_flexible_server_active_directory_administrator;
  const after = (name: string) =>
    Object.values(administrators).find((each) => each.principal_name === name)?.depends_on;
  expect(after("ada")).toEqual([expect.stringMatching(/^azurerm_postgresql_flexible_server_database\./)]);
  expect(after("bo")).toEqual([expect.stringMatching(/_administrator\.postgres_operator-ada-id_/)]);
  const parameters: Json[] = Object.values(resource.azurerm_postgresql_flexible_server_configuration);
  const [first, second] = ["ssl_min_protocol_version", "work_mem"].map((name) =>
    parameters.find((each) => each.name === name),
  );
  expect(second?.depends_on).toEqual([expect.stringMatching(/_configuration_ssl_min_protocol_version_/)]);
  expect(first?.depends_on).toEqual([expect.stringMatching(/_administrator\.postgres_operator-bo-id_/)]);
});

describe("when the server is replaced", () => {
  const everything = {
    deletionLock: true,
    operators: [
      { name: "dba", objectId: "group-id", type: "Group" },
      { name: "ada", objectId: "user-id", type: "User" },
    ],
    configuration: { work_mem: "8192" },
    extensions: ["pg_trgm"],
    logWorkspace: { id: "workspace-id" },
  } as const;
  const type = "azurerm_postgresql_flexible_server";

  it("so is everybody who administers it: they know it by its name, which stays", () => {
    const stack = synthesizePostgres(everything);
    const [[server]] = resourcesOfType(stack, type) as [[string, Json]];
    const administrators = resourcesOfType(stack, `${type}_active_directory_administrator`);
    expect(administrators).toHaveLength(3);
    for (const [, { lifecycle }] of administrators) {
      expect(lifecycle).toEqual({ replace_triggered_by: [`${type}.${server}.id`] });
    }
  });

  it("so is whatever else lies below it, by the server's id", () => {
    const stack = synthesizePostgres(everything);
    const [[server]] = resourcesOfType(stack, type) as [[string, Json]];
    const id = `\${${type}.${server}.id}`;
    for (const [below, reference] of [
      [`${type}_database`, "server_id"],
      [`${type}_configuration`, "server_id"],
      ["azurerm_monitor_diagnostic_setting", "target_resource_id"],
      ["azurerm_management_lock", "scope"],
    ] as const) {
      for (const [, resource] of resourcesOfType(stack, below)) expect(resource[reference]).toBe(id);
    }
  });
});

it("sends its log to a workspace when there is one", () => {
  expect(synthesizePostgres().resource).not.toHaveProperty("azurerm_monitor_diagnostic_setting");
  const stack = synthesizePostgres({ logWorkspace: { id: "workspace-id" } });
  expect(onlyResource(stack, "azurerm_monitor_diagnostic_setting")).toMatchObject({
    target_resource_id: expect.stringMatching(/^\$\{azurerm_postgresql_flexible_server\..*\.id\}$/),
    log_analytics_workspace_id: "workspace-id",
    enabled_log: [{ category: "PostgreSQLLogs" }, { category: "PostgreSQLFlexSessions" }],
  });
});

it("can be locked against deletion, which is lifted before anything below it goes", () => {
  expect(synthesizePostgres().resource).not.toHaveProperty("azurerm_management_lock");
  const stack = synthesizePostgres({
    deletionLock: true,
    operators: [{ name: "dba", objectId: "group-id", type: "Group" }],
    configuration: { work_mem: "8192" },
    logWorkspace: { id: "workspace-id" },
  });
  const lock = onlyResource(stack, "azurerm_management_lock");
  expect(lock).toMatchObject({
    scope: expect.stringMatching(/^\$\{azurerm_postgresql_flexible_server\..*\.id\}$/),
    notes: expect.stringMatching(
      /^Holds the database shop, and its backups go with it\. Covers what is below it \([0-9a-f]{8}\)\.$/,
    ),
  });
  const below = [
    "azurerm_postgresql_flexible_server_active_directory_administrator",
    "azurerm_postgresql_flexible_server_database",
    "azurerm_postgresql_flexible_server_configuration",
    "azurerm_monitor_diagnostic_setting",
  ].flatMap((type) => resourcesOfType(stack, type).map(([id]) => `${type}.${id}`));
  expect([...lock.depends_on].sort()).toEqual(below.sort());
});

it("tags what takes tags", () => {
  const stack = synthesizePostgres({ tags: { owner: "platform" } });
  expect(serverOf(stack).tags).toEqual({ owner: "platform" });
  expect(onlyResource(stack, "azurerm_private_dns_zone").tags).toEqual({ owner: "platform" });
  expect(onlyResource(stack, "azurerm_private_dns_zone_virtual_network_link").tags).toEqual({ owner: "platform" });
});

it("tells where it is, and that nothing runs before its database", () => {
  const stack = synthesizeStack((scope) => {
    const postgres = new PrivatePostgres(scope, "postgres", leastProps);
    new TerraformOutput(scope, "host", { value: postgres.host });
    new TerraformOutput(scope, "database", { value: postgres.databaseName });
  });
  expect(stack.output.host.value).toMatch(/^\$\{azurerm_postgresql_flexible_server\..*\.fqdn\}$/);
  expect(stack.output.database.value).toMatch(/^\$\{azurerm_postgresql_flexible_server_database\..*\.name\}$/);
});

it("takes what it has no prop for through its resources", () => {
  const stack = synthesizeStack((scope) => {
    const postgres = new PrivatePostgres(scope, "postgres", leastProps);
    postgres.server.addOverride("storage_tier", "P10");
    postgres.database.addOverride("collation", "C");
  });
  expect(serverOf(stack).storage_tier).toBe("P10");
  expect(onlyResource(stack, "azurerm_postgresql_flexible_server_database").collation).toBe("C");
});

it("can be one that somebody else owns", () => {
  const attributes = { host: "psql.example", databaseName: "shop" };
  const stack = synthesizeStack((scope) => {
    expect(PrivatePostgres.fromPostgresAttributes(scope, "postgres", attributes)).toMatchObject(attributes);
  });
  expect(stack).not.toHaveProperty("resource");
});

it("may be told what is known only at deploy time", () => {
  const server = serverOf(
    synthesizePostgres({
      subnetId: unknownText,
      privateDnsZoneName: unknownText,
      skuName: unknownText,
      backupRetentionDays: unknownNumber,
      administrator: { principalId: unknownText, name: unknownText, tenantId: unknownText },
    }),
  );
  expect(server).toMatchObject({ delegated_subnet_id: "known later", backup_retention_days: 7 });
});

it("fails when its props contradict each other, under its own name", () => {
  expect(creating({ standbyZone: "1" })).toThrow("test/postgres: 'standbyZone' (1) must differ from 'zone' (1)");
  expect(creating({ configuration: { port: "6432" } })).toThrow(
    "test/postgres: 'configuration' sets port (6432): it is read-only in this service",
  );
  expect(creating({ extensions: ["a,b"] })).toThrow("test/postgres: 'extensions' (a,b) must be names of extensions");
});
