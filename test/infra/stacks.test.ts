import { loadSettings } from "../../infra/environments";
import { variablesOf } from "./support/app-props";
import { type Json, onlyResource, resourcesOfType, synthesize } from "./support/synthesized";

describe.each(["dev", "staging", "prod"])("%s", (environment) => {
  const settings = loadSettings(environment);
  const { platform, app } = synthesize(environment);
  const containerApp = onlyResource(app.json, "azurerm_container_app");
  const stacks = { platform, app };

  it("starts the app behind an init container with its image, identity and database", () => {
    const { template, identity, registry } = containerApp;
    expect(template.init_container.map(({ name }: Json) => name)).toEqual(["migrate"]);
    expect(template.init_container[0].command).toEqual(["node", "dist/cli.js", "up"]);
    expect(template.container.map(({ name }: Json) => name)).toEqual(["app"]);
    expect(template.container[0].command).toEqual(["node", "dist/app.js"]);
    expect(template.init_container[0].image).toBe(template.container[0].image);

    // One identity for both containers, and for pulling their image.
    expect(identity.type).toBe("UserAssigned");
    expect(identity.identity_ids).toHaveLength(1);
    expect(registry[0].identity).toBe(identity.identity_ids[0]);

    const migrate = variablesOf(template.init_container[0]);
    expect(variablesOf(template.container[0])).toMatchObject(migrate);
    expect(migrate).toMatchObject({ PGPORT: "5432", PGSSLMODE: "verify-full", DATABASE_AUTH: "entra" });
  });

  it("runs the app on a Consumption profile that its environment really has", () => {
    const profiles = onlyResource(platform.json, "azurerm_container_app_environment").workload_profile;
    expect(profiles).toContainEqual({
      name: containerApp.workload_profile_name,
      workload_profile_type: "Consumption",
    });
  });

  it("deploys the platform before the app", () => {
    expect(app.json.data.terraform_remote_state).toHaveProperty("cross-stack-reference-input-platform");
    expect(platform.json.data?.terraform_remote_state).toBeUndefined();
  });

  it("has no probe that azurerm refuses", () => {
    const [container] = containerApp.template.container;
    for (const probe of [...container.startup_probe, ...container.liveness_probe, ...container.readiness_probe]) {
      expect(probe.failure_count_threshold).toBeLessThanOrEqual(30);
    }
  });

  it("keeps every server private and without passwords", () => {
    for (const [, server] of resourcesOfType(platform.json, "azurerm_postgresql_flexible_server")) {
      expect(server.public_network_access_enabled).toBe(false);
      expect(server.authentication).toMatchObject({
        active_directory_auth_enabled: true,
        password_auth_enabled: false,
      });
      expect(server).not.toHaveProperty("administrator_password");
      expect(server.zone).toBeDefined();
    }
  });

  it("has no administrator of the server that anything else runs as", () => {
    const administrator = onlyResource(
      platform.json,
      "azurerm_postgresql_flexible_server_active_directory_administrator",
    );
    const adminIdentity = /azurerm_user_assigned_identity\.([^.]+)\.principal_id/.exec(administrator.object_id)?.[1];
    expect(adminIdentity).toMatch(/^database-admin-identity/);
    expect(JSON.stringify(containerApp)).not.toContain(adminIdentity);
  });

  it("keeps the admin user of every registry off", () => {
    for (const [, registry] of resourcesOfType(platform.json, "azurerm_container_registry")) {
      expect(registry.admin_enabled).toBe(false);
    }
  });

  it("assigns only roles that name what they are for", () => {
    for (const [, assignment] of resourcesOfType(platform.json, "azurerm_role_assignment")) {
      expect(assignment.role_definition_name).toBe("AcrPull");
      expect(assignment.scope).toMatch(/^\$\{azurerm_container_registry\.registry\.id\}$/);
    }
  });

  it.each(["platform", "app"] as const)("puts no secret into an output of %s", (stack) => {
    const outputs = Object.entries(stacks[stack].json.output as Record<string, Json>);
    expect(outputs.length).toBeGreaterThan(0);
    for (const [name, { value }] of outputs) {
      expect(`${name} ${value}`).not.toMatch(/password|secret|[._]key|connection_string|sas|token|instrumentation/i);
    }
  });

  it.each(["platform", "app"] as const)("puts no secret into an argument of %s", (stack) => {
    expect(stacks[stack].text).not.toMatch(/password"|client_secret|access_key|sas_token|"secret"/);
  });

  it.each(["platform", "app"] as const)("names no path of the machine that synthesized %s", (stack) => {
    expect(stacks[stack].text).not.toContain(process.cwd());
  });

  it.each(["platform", "app"] as const)("keeps the state of %s under its own name, without a key to it", (stack) => {
    const { backend } = stacks[stack].json.terraform;
    if (settings.state.backend === "local") {
      expect(backend).toEqual({ local: { path: `../../../terraform.${environment}.${stack}.tfstate` } });
      return;
    }
    expect(backend.azurerm).toEqual({
      resource_group_name: settings.state.resourceGroupName,
      storage_account_name: settings.state.storageAccountName,
      container_name: settings.state.containerName,
      key: `schemagate/${environment}/${stack}.tfstate`,
      use_azuread_auth: true,
    });
  });

  it("reads the platform's state the way the platform writes it", () => {
    const read = app.json.data.terraform_remote_state["cross-stack-reference-input-platform"];
    const [[backend, written]] = Object.entries(platform.json.terraform.backend) as [[string, Json]];
    expect(read.backend).toBe(backend);
    expect(read.config).toEqual(written);
  });

  it("registers the resource providers it uses, which azurerm's own list does not cover", () => {
    for (const { json } of Object.values(stacks)) {
      const [provider] = json.provider.azurerm;
      expect(provider.resource_provider_registrations).toBe("none");
      expect(provider.resource_providers_to_register).toContain("Microsoft.App");
    }
  });

  it("protects what cannot be lost, in production only", () => {
    for (const type of [
      "azurerm_resource_group",
      "azurerm_container_registry",
      "azurerm_container_app_environment",
      "azurerm_postgresql_flexible_server",
      "azurerm_postgresql_flexible_server_database",
    ]) {
      for (const [, { lifecycle }] of resourcesOfType(platform.json, type)) {
        expect(lifecycle.prevent_destroy).toBe(environment === "prod");
      }
    }
  });

  it("carries its tags everywhere a tag can be", () => {
    const untaggable = /subnet|role_assignment|_active_directory_administrator|flexible_server_database$/;
    for (const { json } of Object.values(stacks)) {
      for (const type of Object.keys(json.resource).filter((type) => !untaggable.test(type))) {
        for (const [, { tags }] of resourcesOfType(json, type)) {
          expect(tags).toEqual({ project: "schemagate", environment, "managed-by": "cdktf" });
        }
      }
    }
  });
});

it("spreads only production over zones", () => {
  const zones = (environment: string) => {
    const { json } = synthesize(environment).platform;
    return {
      standby: onlyResource(json, "azurerm_postgresql_flexible_server").high_availability?.mode,
      environment: onlyResource(json, "azurerm_container_app_environment").zone_redundancy_enabled,
      registry: onlyResource(json, "azurerm_container_registry").zone_redundancy_enabled,
    };
  };
  expect(zones("prod")).toEqual({ standby: "ZoneRedundant", environment: true, registry: true });
  for (const environment of ["dev", "staging"]) {
    expect(zones(environment)).toEqual({ standby: undefined, environment: false, registry: false });
  }
});
