import { resourceNames, resourceTags, stateKey } from "../../infra/naming";

const longest = { project: "p234567890123456", environment: "e234567890", nameSuffix: "s2345678" };

it("names everything after project and environment", () => {
  expect(resourceNames({ project: "shop", environment: "dev" })).toMatchObject({
    resourceGroup: "rg-shop-dev",
    containerApp: "ca-shop-dev",
    registry: "crshopdev",
    postgresServer: "psql-shop-dev",
  });
});

it("adds the suffix only to names that are unique in all of Azure", () => {
  const names = resourceNames({ project: "shop", environment: "dev", nameSuffix: "x7" });
  expect(names).toMatchObject({
    registry: "crshopdevx7",
    postgresServer: "psql-shop-dev-x7",
    containerApp: "ca-shop-dev",
  });
});

it("stays within Azure's limits for the longest settings", () => {
  const names = resourceNames(longest);
  // Limits: Container Apps 32, environments 60, registries 50 without hyphens, servers 63, PostgreSQL roles 63.
  expect(names.containerApp.length).toBeLessThanOrEqual(32);
  expect(names.containerEnvironment.length).toBeLessThanOrEqual(60);
  expect(names.registry).toMatch(/^[a-z0-9]{5,50}$/);
  expect(names.postgresServer.length).toBeLessThanOrEqual(63);
  expect(names.appIdentity.length).toBeLessThanOrEqual(63);
  expect(names.infrastructureResourceGroup.length).toBeLessThanOrEqual(90);
});

it("keeps each stack's state under its own key", () => {
  expect(stateKey({ project: "shop", environment: "dev" }, "platform")).toBe("shop/dev/platform.tfstate");
});

it("tags what it makes", () => {
  expect(resourceTags({ project: "shop", environment: "dev" })).toEqual({
    project: "shop",
    environment: "dev",
    "managed-by": "cdktf",
  });
});
