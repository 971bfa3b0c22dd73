import { PrivatePostgres, type PrivatePostgresProps } from "../../../infra/constructs/private-postgres";
import { constructing, type Json, onlyResource, synthesizeStack } from "../support/synthesized";

const leastProps: PrivatePostgresProps = {
  serverName: "psql-shop-dev",
  databaseName: "shop",
  resourceGroupName: "rg-shop-dev",
  location: "westeurope",
  subnetId: "subnet-id",
  virtualNetworkId: "network-id",
  privateDnsZoneName: "shop.private.postgres.database.azure.com",
  administrator: { principalId: "principal-id", name: "id-shop-dev-db-admin", tenantId: "tenant-id" },
  version: "17",
  skuName: "GP_Standard_D2ds_v5",
  storageMb: 32768,
  zone: "1",
};

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
  expect(server.lifecycle).not.toHaveProperty("ignore_changes");
});

it("states both zones of a pair and never swaps them back after a failover", () => {
  const server = serverOf(synthesizePostgres({ standbyZone: "2" }));
  expect(server.zone).toBe("1");
  expect(server.high_availability).toEqual({ mode: "ZoneRedundant", standby_availability_zone: "2" });
  expect(server.lifecycle.ignore_changes).toEqual(["zone", "high_availability[0].standby_availability_zone"]);
});

it("keeps backups for a week, in one region, unless told otherwise", () => {
  expect(serverOf(synthesizePostgres())).toMatchObject({
    backup_retention_days: 7,
    geo_redundant_backup_enabled: false,
    auto_grow_enabled: true,
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

it("fails when its DNS zone has another ending", () => {
  expect(creating({ privateDnsZoneName: "shop.internal" })).toThrow(
    "test/postgres: 'privateDnsZoneName' (shop.internal) must end in .postgres.database.azure.com: the service takes no " +
      "other zone. Use for instance 'psql-shop-dev.private.postgres.database.azure.com'",
  );
});

it("fails when the standby shares the primary's zone", () => {
  expect(creating({ standbyZone: "1" })).toThrow(
    "test/postgres: 'standbyZone' (1) must differ from 'zone' (1): a standby in the same zone falls with it. Name another zone",
  );
});

it("fails when a burstable server is to have a standby", () => {
  expect(creating({ skuName: "B_Standard_B1ms", standbyZone: "2" })).toThrow(
    "test/postgres: 'skuName' (B_Standard_B1ms) is a burstable size: those cannot have a standby ('standbyZone' 2). Choose " +
      "a GP_ or MO_ size or leave 'standbyZone' out",
  );
});

it.each([6, 36])("fails when backups are to be kept for %d days", (backupRetentionDays) => {
  expect(creating({ backupRetentionDays })).toThrow(
    `test/postgres: 'backupRetentionDays' (${backupRetentionDays}) must be 7 to 35: the service keeps backups no shorter and ` +
      "no longer. Choose a number in that range",
  );
});
