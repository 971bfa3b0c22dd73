import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import type { MigrationJobProps } from "../../../infra/constructs/job-props";
import { MigrationJob } from "../../../infra/constructs/migration-job";
import {
  byDatabaseUrl,
  consumption,
  databaseUrl,
  dedicated,
  entraVariablesOf,
  environmentWith,
  leastJobProps,
  migratorIdentity,
  secretVariablesOf,
  unknownNumber,
  variablesOf,
} from "../support/app-props";
import { constructing, type Json, onlyResource, synthesizeStack } from "../support/synthesized";

function synthesizeJob(props: Partial<MigrationJobProps> = {}): Json {
  const stack = synthesizeStack((scope) => new MigrationJob(scope, "job", { ...leastJobProps, ...props }));
  return onlyResource(stack, "azurerm_container_app_job");
}

const creating = (props: Partial<MigrationJobProps>) =>
  constructing((scope) => new MigrationJob(scope, "job", { ...leastJobProps, ...props }));

it("runs 'up' from the app's image, with arguments that a run can replace alone", () => {
  expect(synthesizeJob().template.container).toMatchObject([
    {
      name: "migrate",
      image: "shop.example/shop:1.4.0",
      command: ["node", "dist/cli.js"],
      args: ["up"],
      cpu: 0.25,
      memory: "0.5Gi",
    },
  ]);
});

it("starts when somebody asks, once, and tries nothing again by itself", () => {
  expect(synthesizeJob()).toMatchObject({
    name: "caj-shop-migrate",
    resource_group_name: "rg-shop-dev",
    location: "westeurope",
    container_app_environment_id: "environment-id",
    replica_timeout_in_seconds: 14_400,
    replica_retry_limit: 0,
    manual_trigger_config: { parallelism: 1, replica_completion_count: 1 },
  });
});

it("signs in to the database as its identity", () => {
  const job = synthesizeJob();
  expect(variablesOf(job.template.container[0])).toEqual(entraVariablesOf(migratorIdentity));
  expect(job.identity).toEqual({ type: "UserAssigned", identity_ids: ["migrator-id"] });
  expect(job).not.toHaveProperty("secret");
  expect(job).not.toHaveProperty("registry");
});

it("takes another command, arguments, size and time", () => {
  const job = synthesizeJob({
    command: ["schemagate"],
    args: ["up", "--target", "7"],
    migrateCpu: 2,
    timeoutSeconds: 60,
    retryLimit: 3,
    tags: { owner: "platform" },
  });
  expect(job.template.container[0]).toMatchObject({
    command: ["schemagate"],
    args: ["up", "--target", "7"],
    cpu: 2,
    memory: "4Gi",
  });
  expect(job).toMatchObject({
    replica_timeout_in_seconds: 60,
    replica_retry_limit: 3,
    tags: { owner: "platform" },
  });
});

it("takes the migrator's options and further variables", () => {
  const props = { lockWaitSeconds: 900, migrateEnvironmentVariables: { NO_COLOR: "1" } };
  expect(variablesOf(synthesizeJob(props).template.container[0])).toMatchObject({
    SCHEMAGATE_LOCK_WAIT: "900",
    NO_COLOR: "1",
  });
});

it("pulls from the registry as its identity", () => {
  expect(synthesizeJob({ registryServer: "shop.example" }).registry).toEqual([
    { server: "shop.example", identity: "migrator-id" },
  ]);
});

it("may run a mutable image for those who say so", () => {
  const job = synthesizeJob({ image: "shop.example/shop:latest", allowMutableTag: true });
  expect(job.template.container[0].image).toBe("shop.example/shop:latest");
});

describe("the environment", () => {
  it("may be of any kind, because identities answer in a job's container everywhere", () => {
    expect(synthesizeJob().workload_profile_name).toBe("Consumption");
    expect(synthesizeJob({ environment: environmentWith(dedicated) }).workload_profile_name).toBe("big");
    expect(synthesizeJob({ environment: environmentWith() })).not.toHaveProperty("workload_profile_name");
  });

  it("offers other sizes on a Dedicated profile", () => {
    const environment = environmentWith(consumption, dedicated);
    const job = synthesizeJob({ environment, workloadProfileName: "big", migrateCpu: 6, migrateMemory: "7Gi" });
    expect(job.template.container[0]).toMatchObject({ cpu: 6, memory: "7Gi" });
  });

  it("fails when the profile is none of its own", () => {
    expect(creating({ workloadProfileName: "small" })).toThrow(
      "test/job: 'workloadProfileName' (small) is none of the environment's (its profiles: Consumption (Consumption)). " +
        "Choose one of them or leave it out",
    );
  });

  it.each([
    [
      0.3,
      undefined,
      "ask for 0.3 vCPU: the Consumption profile offers 0.25 to 4 in steps of 0.25. Change 'migrateCpu'",
    ],
    [
      0.25,
      "1Gi",
      "ask for 0.25 vCPU and 1Gi: with 0.25 vCPU the Consumption profile offers 0.5Gi only. Set 'migrateMemory' to 0.5Gi or leave it out",
    ],
  ])("fails when the Consumption profile does not sell %d vCPU with %s", (migrateCpu, migrateMemory, problem) => {
    expect(creating({ migrateCpu, migrateMemory })).toThrow(problem);
    expect(creating({ migrateCpu, migrateMemory, environment: environmentWith() })).toThrow(problem);
  });
});

describe("with a DATABASE_URL instead of Entra", () => {
  it("reads it from the Key Vault as its identity", () => {
    const job = synthesizeJob(byDatabaseUrl);
    expect(secretVariablesOf(job.template.container[0])).toEqual({ DATABASE_URL: "database-url" });
    expect(variablesOf(job.template.container[0])).toEqual({});
    expect(job.secret).toEqual([
      { name: "database-url", key_vault_secret_id: databaseUrl.keyVaultSecretId, identity: "migrator-id" },
    ]);
  });

  it("reads the migrator's own where there is one, and nothing else", () => {
    const migrateDatabaseUrl = { keyVaultSecretId: "https://kv-shop.vault.azure.net/secrets/migrate-url" };
    const job = synthesizeJob({ ...byDatabaseUrl, migrateDatabaseUrl });
    expect(secretVariablesOf(job.template.container[0])).toEqual({ DATABASE_URL: "migrate-database-url" });
    expect(job.secret).toMatchObject([
      { name: "migrate-database-url", key_vault_secret_id: migrateDatabaseUrl.keyVaultSecretId },
    ]);
  });

  it("fails when both or none is given", () => {
    expect(creating({ databaseUrl })).toThrow("test/job: 'database' and 'databaseUrl': both are given");
    expect(creating({ database: undefined })).toThrow("test/job: 'database' and 'databaseUrl': neither is given");
  });
});

describe("secrets", () => {
  const seed = { name: "seed-key", keyVaultSecretId: "https://kv-shop.vault.azure.net/secrets/seed-key" };

  it("become variables, read as the identity they name", () => {
    const job = synthesizeJob({
      secrets: [{ ...seed, identityId: "other-id" }],
      migrateSecretEnvironmentVariables: { SEED_KEY: "seed-key" },
    });
    expect(secretVariablesOf(job.template.container[0])).toEqual({ SEED_KEY: "seed-key" });
    expect(job.secret).toMatchObject([{ name: "seed-key", identity: "other-id" }]);
    expect(job.identity.identity_ids).toEqual(["migrator-id", "other-id"]);
  });

  it("fails when a variable names one that is not there", () => {
    expect(creating({ secrets: [seed], migrateSecretEnvironmentVariables: { SEED_KEY: "seed" } })).toThrow(
      "test/job: 'migrateSecretEnvironmentVariables' takes SEED_KEY from a secret (not shown: it may be the value) that is not among 'secrets' " +
        "(seed-key). Add it there or correct the name",
    );
  });

  it("fails when one takes the name of the construct's own", () => {
    expect(creating({ ...byDatabaseUrl, secrets: [{ ...seed, name: "database-url" }] })).toThrow(
      "test/job: two secrets are named 'database-url': one would win. Rename one",
    );
  });
});

it.each([
  ["timeoutSeconds", 1],
  ["retryLimit", 0],
] as const)("fails when %s is no whole number from %d", (prop, least) => {
  for (const value of [least - 1, 1.5]) {
    expect(creating({ [prop]: value })).toThrow(
      `test/job: '${prop}' (${value}) must be a whole number from ${least}: the service takes nothing else. Choose one`,
    );
  }
  expect(creating({ [prop]: unknownNumber })).not.toThrow();
});

it("fails when its image is mutable", () => {
  expect(creating({ image: "shop.example/shop" })).toThrow("test/job: 'image' (shop.example/shop) has no tag");
});

it("fails when its command is empty, which would start the app in its place", () => {
  expect(creating({ command: [] })).toThrow(
    "test/job: 'command' (empty) would run what the image (shop.example/shop:1.4.0) starts by itself instead of the migrator",
  );
});

it("is deployed after what it needs", () => {
  const stack = synthesizeStack((scope) => {
    const group = new ResourceGroup(scope, "group", { name: "rg", location: "westeurope" });
    new MigrationJob(scope, "job", { ...leastJobProps, deployAfter: [group] });
  });
  expect(onlyResource(stack, "azurerm_container_app_job").depends_on).toEqual(["azurerm_resource_group.group"]);
});

it("takes what it has no prop for through its resource", () => {
  const stack = synthesizeStack((scope) => {
    const { resource } = new MigrationJob(scope, "job", leastJobProps);
    resource.addOverride("manual_trigger_config.parallelism", 2);
  });
  expect(onlyResource(stack, "azurerm_container_app_job").manual_trigger_config.parallelism).toBe(2);
});
