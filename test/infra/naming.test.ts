import { defaultImage, resourceNames, resourceTags, stackIds, stateKey } from "../../infra/naming";

const shop = { project: "shop", environment: "dev" };

it("names everything after project and environment", () => {
  expect(resourceNames(shop)).toEqual({
    resourceGroup: "rg-shop-dev",
    infrastructureResourceGroup: "rg-shop-dev-infrastructure",
    virtualNetwork: "vnet-shop-dev",
    containerAppsSubnet: "snet-container-apps",
    postgresSubnet: "snet-postgres",
    logWorkspace: "log-shop-dev",
    containerEnvironment: "cae-shop-dev",
    containerApp: "ca-shop-dev",
    appIdentity: "id-shop-dev-app",
    migratorIdentity: "id-shop-dev-migrator",
    databaseAdminIdentity: "id-shop-dev-db-admin",
    bootstrapJob: "caj-shop-bootstrap",
    migrationJob: "caj-shop-migrate",
    gateAlert: "shop-dev",
    registry: "crshopdev",
    postgresServer: "psql-shop-dev",
    privateDnsZone: "shop-dev.private.postgres.database.azure.com",
  });
});

it("adds the suffix only to names that are unique in all of Azure", () => {
  const plain = resourceNames(shop);
  expect(resourceNames({ ...shop, nameSuffix: "x7" })).toEqual({
    ...plain,
    registry: "crshopdevx7",
    postgresServer: "psql-shop-dev-x7",
    privateDnsZone: "shop-dev-x7.private.postgres.database.azure.com",
  });
});

it("stays within Azure's limits for the longest settings", () => {
  const names = resourceNames({ project: "p234567890123456", environment: "e234567890", nameSuffix: "s2345678" });
  // Limits: Container Apps and their jobs 32, environments 60, registries 50 without hyphens, servers 63, PostgreSQL
  // roles 63, workspaces 63, resource groups 90.
  for (const name of [names.containerApp, names.bootstrapJob, names.migrationJob]) {
    expect(name.length).toBeLessThanOrEqual(32);
  }
  expect(names.containerEnvironment.length).toBeLessThanOrEqual(60);
  expect(names.registry).toMatch(/^[a-z0-9]{5,50}$/);
  expect(names.postgresServer.length).toBeLessThanOrEqual(63);
  for (const role of [names.appIdentity, names.migratorIdentity, names.databaseAdminIdentity]) {
    expect(role.length).toBeLessThanOrEqual(63);
  }
  expect(names.logWorkspace.length).toBeLessThanOrEqual(63);
  expect(names.infrastructureResourceGroup.length).toBeLessThanOrEqual(90);
});

it("takes the hyphens out of a registry's name, which has none", () => {
  expect(resourceNames({ project: "web-shop", environment: "dev", nameSuffix: "x7" }).registry).toBe("crwebshopdevx7");
});

it("keeps each stack's state under its own key", () => {
  expect(stackIds.map((id) => stateKey(shop, id))).toEqual([
    "shop/dev/platform.tfstate",
    "shop/dev/jobs.tfstate",
    "shop/dev/app.tfstate",
  ]);
});

it("tags what it makes", () => {
  expect(resourceTags(shop)).toEqual({ project: "shop", environment: "dev", "managed-by": "cdktf" });
});

it("adds the settings' tags, none of which takes the place of its own", () => {
  expect(resourceTags({ ...shop, tags: { owner: "platform", environment: "other", "managed-by": "hand" } })).toEqual({
    owner: "platform",
    project: "shop",
    environment: "dev",
    "managed-by": "cdktf",
  });
});

it("finds a release's image in the platform's registry", () => {
  const settings = { ...shop, image: { repository: "team/shop" } };
  expect(defaultImage(settings, "crshopdev.azurecr.io", "1.4.0")).toBe("crshopdev.azurecr.io/team/shop:1.4.0");
});
