import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import { TerraformOutput, TerraformStack, Testing } from "cdktf";
import { MigratedContainerApp } from "../../../infra/constructs/migrated-container-app";
import {
  appIdentity,
  byDatabaseUrl,
  consumption,
  creatingApp as creating,
  databaseUrl,
  dedicated,
  entraVariablesOf,
  environmentWith,
  leastProps,
  migratorIdentity,
  secretVariablesOf,
  synthesizeApp,
  unknownNumber,
  unknownText,
  variablesOf,
} from "../support/app-props";
import { onlyResource, synthesizeStack } from "../support/synthesized";

describe("the gate", () => {
  it("INV-1: runs the migrator first, from the app's image", () => {
    const { template } = synthesizeApp();
    expect(template.init_container).toHaveLength(1);
    expect(template.init_container[0]).toMatchObject({ name: "migrate", command: ["node", "dist/cli.js", "up"] });
    expect(template.container).toHaveLength(1);
    expect(template.container[0].name).toBe("app");
    expect(template.init_container[0].image).toBe(template.container[0].image);
    expect(template.container[0].image).toBe("shop.example/shop:1.4.0");
  });

  it("gives app and migrator the same way to the database, as the same identity", () => {
    const app = synthesizeApp();
    const database = entraVariablesOf(appIdentity);
    expect(variablesOf(app.template.init_container[0])).toEqual(database);
    expect(variablesOf(app.template.container[0])).toEqual({
      ...database,
      HOST: "0.0.0.0",
      PORT: "8080",
      WEB_CONCURRENCY: "1",
    });
    expect(app.identity).toEqual({ type: "UserAssigned", identity_ids: ["identity-id"] });
  });

  it("always states the migrator's cpu and memory", () => {
    expect(synthesizeApp().template.init_container[0]).toMatchObject({ cpu: 0.25, memory: "0.5Gi" });
    expect(synthesizeApp({ migrateCpu: 0.5, migrateMemory: "0.75Gi" }).template.init_container[0]).toMatchObject({
      cpu: 0.5,
      memory: "0.75Gi",
    });
  });

  it("passes the migrator's options only when they are given", () => {
    const [container] = synthesizeApp({ lockWaitSeconds: 900, connectTimeoutSeconds: 60 }).template.init_container;
    expect(variablesOf(container)).toMatchObject({ SCHEMAGATE_LOCK_WAIT: "900", SCHEMAGATE_CONNECT_TIMEOUT: "60" });
  });

  it("takes another command and further variables for the migrator", () => {
    const [container] = synthesizeApp({
      migrateCommand: ["node", "dist/cli.js", "up", "--ahead", "refuse"],
      migrateEnvironmentVariables: { NO_COLOR: "1" },
    }).template.init_container;
    expect(container.command).toEqual(["node", "dist/cli.js", "up", "--ahead", "refuse"]);
    expect(variablesOf(container)).toMatchObject({ NO_COLOR: "1", PGHOST: "psql.example" });
  });

  it("fails when the migrator's command is empty, which would start the app in its place", () => {
    expect(creating({ migrateCommand: [] })).toThrow(
      "test/app: 'migrateCommand' (empty) would run what the image (shop.example/shop:1.4.0) starts by itself instead " +
        "of the migrator. Name the migrator's command or leave it out",
    );
  });

  it("fails when an option is none that the migrator takes", () => {
    expect(creating({ lockWaitSeconds: 0 })).toThrow(
      "test/app: 'lockWaitSeconds' (0) must be a whole number from 1 to 86400: the migrator takes nothing else. Write for instance 600",
    );
  });
});

describe("the image", () => {
  it("fails when it has no tag", () => {
    expect(creating({ image: "shop.example/shop" })).toThrow(
      "test/app: 'image' (shop.example/shop) has no tag: the same reference can name other code, with other migrations, " +
        "tomorrow. Name a version or a digest (repository@sha256:…), or set 'allowMutableTag' to true",
    );
  });

  it("fails when its tag is latest", () => {
    expect(creating({ image: "shop.example/shop:latest" })).toThrow(
      "test/app: 'image' (shop.example/shop:latest) has the mutable tag 'latest'",
    );
  });

  it("may be mutable for those who say so", () => {
    const { template } = synthesizeApp({ image: "shop.example/shop:latest", allowMutableTag: true });
    expect(template.init_container[0].image).toBe("shop.example/shop:latest");
    expect(template.container[0].image).toBe("shop.example/shop:latest");
  });
});

describe("the identities", () => {
  it("can be two: the migrator has a role of its own, and the app cannot take it", () => {
    const app = synthesizeApp({ migratorIdentity, registryServer: "shop.example" });
    expect(variablesOf(app.template.init_container[0])).toEqual(entraVariablesOf(migratorIdentity));
    expect(variablesOf(app.template.container[0])).toMatchObject(entraVariablesOf(appIdentity));
    expect(app.identity).toEqual({ type: "UserAssigned", identity_ids: ["identity-id", "migrator-id"] });
    expect(app.registry).toEqual([{ server: "shop.example", identity: "identity-id" }]);
  });

  it("are each listed once, whatever they are for", () => {
    const app = synthesizeApp({
      migratorIdentity,
      registries: [
        { server: "one.example", identityId: "puller-id" },
        { server: "two.example", identityId: "migrator-id" },
      ],
      secrets: [
        { name: "one", keyVaultSecretId: "https://kv-shop.vault.azure.net/secrets/one", identityId: "reader-id" },
        { name: "two", keyVaultSecretId: "https://kv-shop.vault.azure.net/secrets/two", identityId: "puller-id" },
      ],
    });
    expect(app.identity.identity_ids).toEqual(["identity-id", "migrator-id", "puller-id", "reader-id"]);
  });

  it("can be kept to their containers", () => {
    const stack = synthesizeStack(
      (scope) => new MigratedContainerApp(scope, "app", { ...leastProps, migratorIdentity, restrictIdentities: true }),
    );
    expect(onlyResource(stack, "azapi_update_resource").body.properties.configuration.identitySettings).toEqual([
      { identity: "identity-id", lifecycle: "Main" },
      { identity: "migrator-id", lifecycle: "Init" },
    ]);
  });
});

describe("with a DATABASE_URL instead of Entra", () => {
  const byUrl = { name: "database-url", key_vault_secret_id: databaseUrl.keyVaultSecretId, identity: "identity-id" };

  it("gives app and migrator the same one, read from the Key Vault as the app's identity", () => {
    const app = synthesizeApp(byDatabaseUrl);
    for (const container of [app.template.init_container[0], app.template.container[0]]) {
      expect(secretVariablesOf(container)).toEqual({ DATABASE_URL: "database-url" });
      expect(Object.keys(variablesOf(container)).filter((name) => /^PG|AUTH|AZURE/.test(name))).toEqual([]);
    }
    expect(app.secret).toEqual([byUrl]);
  });

  it("can give the migrator one of its own", () => {
    const migrateDatabaseUrl = { keyVaultSecretId: "https://kv-shop.vault.azure.net/secrets/migrate-url" };
    const app = synthesizeApp({ ...byDatabaseUrl, migrateDatabaseUrl });
    expect(secretVariablesOf(app.template.init_container[0])).toEqual({ DATABASE_URL: "migrate-database-url" });
    expect(secretVariablesOf(app.template.container[0])).toEqual({ DATABASE_URL: "database-url" });
    expect(app.secret).toEqual([
      byUrl,
      {
        name: "migrate-database-url",
        key_vault_secret_id: migrateDatabaseUrl.keyVaultSecretId,
        identity: "identity-id",
      },
    ]);
  });

  it("runs in a consumption-only environment, which knows no profiles", () => {
    const app = synthesizeApp({ ...byDatabaseUrl, environment: environmentWith() });
    expect(app).not.toHaveProperty("workload_profile_name");
    expect(app.template.init_container).toHaveLength(1);
  });

  it("runs on a Dedicated profile, in any size", () => {
    const app = synthesizeApp({
      ...byDatabaseUrl,
      environment: environmentWith(consumption, dedicated),
      workloadProfileName: "big",
      cpu: 3,
      memory: "10Gi",
    });
    expect(app.workload_profile_name).toBe("big");
    expect(app.template.container[0]).toMatchObject({ cpu: 3, memory: "10Gi" });
    expect(synthesizeApp({ ...byDatabaseUrl, environment: environmentWith(dedicated) }).workload_profile_name).toBe(
      "big",
    );
  });

  it("fails when the size is none that a consumption-only environment sells", () => {
    expect(creating({ ...byDatabaseUrl, environment: environmentWith(), memory: "2Gi" })).toThrow(
      "test/app: the app's containers ask for 0.5 vCPU and 2Gi: with 0.5 vCPU the Consumption profile offers 1Gi only",
    );
  });

  it("fails when the profile is none of the environment's", () => {
    expect(creating({ ...byDatabaseUrl, workloadProfileName: "big" })).toThrow(
      "test/app: 'workloadProfileName' (big) is none of the environment's (its profiles: Consumption (Consumption))",
    );
  });

  it("fails when Entra is asked for too, or nothing", () => {
    expect(creating({ databaseUrl })).toThrow("test/app: 'database' and 'databaseUrl': both are given");
    expect(creating({ database: undefined })).toThrow("test/app: 'database' and 'databaseUrl': neither is given");
    expect(creating({ migrateDatabaseUrl: databaseUrl })).toThrow(
      "test/app: 'migrateDatabaseUrl' goes with 'databaseUrl', not with 'database'",
    );
  });

  it.each(["environmentVariables", "migrateSecretEnvironmentVariables"] as const)(
    "fails when %s set another DATABASE_URL",
    (prop) => {
      expect(creating({ ...byDatabaseUrl, [prop]: { DATABASE_URL: "database-url" } })).toThrow(
        `test/app: '${prop}' sets DATABASE_URL, which the construct sets already`,
      );
    },
  );
});

describe("the environment", () => {
  it("runs the app on its Consumption profile and says so", () => {
    expect(synthesizeApp().workload_profile_name).toBe("Consumption");
    const environment = environmentWith(dedicated, consumption);
    expect(synthesizeApp({ environment }).workload_profile_name).toBe("Consumption");
  });

  it.each([
    ["none", environmentWith()],
    ["big (D4)", environmentWith(dedicated)],
  ])("fails when it has no Consumption profile (%s)", (profiles, environment) => {
    expect(creating({ environment })).toThrow(
      `test/app: 'environment' has no Consumption workload profile (its profiles: ${profiles}): managed identities answer in ` +
        "init containers only on a Consumption workload profile. Create an environment with one, for instance with " +
        "ContainerEnvironment; it cannot be added later",
    );
  });

  it("fails when the chosen profile is a Dedicated one", () => {
    expect(creating({ environment: environmentWith(consumption, dedicated), workloadProfileName: "big" })).toThrow(
      "test/app: 'workloadProfileName' (big) is of type D4 (its profiles: Consumption (Consumption), big (D4))",
    );
  });
});

describe("the order of deployment", () => {
  it("depends on resources of its own stack", () => {
    const stack = synthesizeStack((scope) => {
      const group = new ResourceGroup(scope, "group", { name: "rg", location: "westeurope" });
      new MigratedContainerApp(scope, "app", { ...leastProps, deployAfter: [group] });
    });
    expect(onlyResource(stack, "azurerm_container_app").depends_on).toEqual(["azurerm_resource_group.group"]);
  });

  it("puts another stack first when its resources must exist", () => {
    const app = Testing.app();
    const first = new TerraformStack(app, "first");
    const group = new ResourceGroup(first, "group", { name: "rg", location: "westeurope" });
    const second = new TerraformStack(app, "second");
    const { resource } = new MigratedContainerApp(second, "app", { ...leastProps, deployAfter: [group] });
    expect(second.dependsOn(first)).toBe(true);
    expect(resource.dependsOn).toBeUndefined();
  });
});

it("tells a stack where the app answers", () => {
  const stack = synthesizeStack((scope) => {
    const app = new MigratedContainerApp(scope, "app", leastProps);
    new TerraformOutput(scope, "host", { value: app.fqdn });
  });
  expect(stack.output.host.value).toMatch(/^\$\{azurerm_container_app\..*\.ingress\[0\]\.fqdn\}$/);
});

// What Terraform remembers of a host name is the old one when only the ingress changed.
it.each([
  [true, "ca-shop-dev.green-hill.example"],
  [false, "ca-shop-dev.internal.green-hill.example"],
])("knows its host name beforehand where the environment's domain is known: public %s", (externalIngress, expected) => {
  const stack = synthesizeStack((scope) => {
    const environment = { ...leastProps.environment, defaultDomain: "green-hill.example" };
    const app = new MigratedContainerApp(scope, "app", {
      ...leastProps,
      name: "ca-shop-dev",
      environment,
      externalIngress,
    });
    new TerraformOutput(scope, "host", { value: app.fqdn });
  });
  const [name, domain] = [/^\$\{azurerm_container_app\.\w+[\w-]*\.name\}/, stack.output.host.value];
  expect(domain).toMatch(name);
  expect(domain.replace(name, "ca-shop-dev")).toBe(expected);
});

it("takes what it has no prop for through its resource", () => {
  const stack = synthesizeStack((scope) => {
    const { resource } = new MigratedContainerApp(scope, "app", leastProps);
    resource.addOverride("template.init_container.0.env.0.value", "other.example");
    resource.addOverride("ingress.client_certificate_mode", "require");
  });
  const { template, ingress } = onlyResource(stack, "azurerm_container_app");
  expect(template.init_container[0].name).toBe("migrate");
  expect(variablesOf(template.init_container[0])).toEqual({
    ...entraVariablesOf(appIdentity),
    PGHOST: "other.example",
  });
  expect(ingress.client_certificate_mode).toBe("require");
});

it("may be told what is known only at deploy time", () => {
  const app = synthesizeApp({
    image: `${unknownText}/shop:1.4.0`,
    registryServer: unknownText,
    environment: { id: unknownText, location: unknownText, workloadProfiles: [consumption] },
    identity: { id: unknownText, clientId: unknownText, principalId: unknownText, name: unknownText },
    database: { host: unknownText, databaseName: unknownText },
    cpu: unknownNumber,
    memory: unknownText,
    migrateCpu: unknownNumber,
    minReplicas: unknownNumber,
    lockWaitSeconds: unknownNumber,
    targetPort: unknownNumber,
    secrets: [{ name: "smtp", keyVaultSecretId: unknownText }],
    allowedAddresses: [{ name: "office", range: unknownText }],
  });
  const [container] = app.template.container;
  expect(app.template.min_replicas).toBe(7);
  expect(container).toMatchObject({ image: "known later/shop:1.4.0", cpu: 7, memory: "known later" });
  expect(variablesOf(container)).toMatchObject({ PGHOST: "known later", PORT: 7 });
  expect(app.template.init_container[0]).toMatchObject({ cpu: 7, memory: `\${(7 * 2)}Gi` });
  expect(variablesOf(app.template.init_container[0])).toMatchObject({ SCHEMAGATE_LOCK_WAIT: 7 });
  expect(app.identity.identity_ids).toEqual(["known later"]);
});
