import { loadSettings } from "../../infra/environments";
import { stackIds } from "../../infra/naming";
import { variablesOf } from "./support/app-props";
import { type Json, onlyResource, synthesize } from "./support/synthesized";

const environments = ["dev", "staging", "prod"] as const;

describe.each(environments)("%s", (environment) => {
  const settings = loadSettings(environment);
  const stacks = synthesize(environment);
  const { platform, jobs, app } = stacks;
  const containerApp = onlyResource(app.json, "azurerm_container_app");
  const { bootstrap, migration } = jobsOf(jobs.json);

  // What a reviewer sees of a change, as a whole; what must hold is asserted one by one below and in security.test.ts.
  it.each(stackIds)("has the stack %s as reviewed", (stack) => {
    expect(withoutMetadata(stacks[stack].json)).toMatchSnapshot();
  });

  it("starts the app behind an init container with its image and database", () => {
    const { template } = containerApp;
    expect(template.init_container.map(({ name }: Json) => name)).toEqual(["migrate"]);
    expect(template.init_container[0].command).toEqual(["node", "dist/cli.js", "up"]);
    expect(template.container.map(({ name }: Json) => name)).toEqual(["app"]);
    expect(template.container[0].command).toEqual(["node", "dist/app.js"]);
    expect(template.init_container[0].image).toBe(template.container[0].image);
    const migrate = variablesOf(template.init_container[0]);
    const { PGHOST, PGDATABASE } = migrate;
    expect(variablesOf(template.container[0])).toMatchObject({ PGHOST, PGDATABASE });
    expect(migrate).toMatchObject({ PGPORT: "5432", PGSSLMODE: "verify-full", DATABASE_AUTH: "entra" });
  });

  it(`has ${settings.identities === "shared" ? "one identity" : "two identities"} for app and migrator`, () => {
    const { template, identity, registry } = containerApp;
    expect(identity.type).toBe("UserAssigned");
    expect(identity.identity_ids).toHaveLength(settings.identities === "shared" ? 1 : 2);
    expect(registry[0].identity).toBe(identity.identity_ids[0]);
    const [migrate, own] = [variablesOf(template.init_container[0]), variablesOf(template.container[0])];
    expect(migrate.PGUSER === own.PGUSER).toBe(settings.identities === "shared");
    expect(migrate.AZURE_CLIENT_ID === own.AZURE_CLIENT_ID).toBe(settings.identities === "shared");
  });

  it("runs jobs and app with one image", () => {
    const { image } = containerApp.template.container[0];
    expect(bootstrap.template.container[0].image).toBe(image);
    expect(migration.template.container[0].image).toBe(image);
  });

  it("bootstraps as the administrator, which nothing else runs as, for the roles that app and migrator sign in as", () => {
    const job = variablesOf(bootstrap.template.container[0]);
    const migrate = variablesOf(containerApp.template.init_container[0]);
    const own = variablesOf(containerApp.template.container[0]);
    expect(bootstrap.template.container[0].args).toEqual(["bootstrap"]);
    expect(job.SCHEMAGATE_MIGRATOR_ROLE).toBe(migrate.PGUSER);
    expect(job.SCHEMAGATE_APP_ROLE).toBe(own.PGUSER);
    expect(job.PGUSER).toMatch(/database-admin-identity/);
    expect([migrate.PGUSER, own.PGUSER]).not.toContain(job.PGUSER);
  });

  it("runs one-off commands as the migrator", () => {
    const [container] = migration.template.container;
    expect(container.args).toEqual(["up"]);
    expect(variablesOf(container)).toEqual(variablesOf(containerApp.template.init_container[0]));
  });

  it("runs the app on a Consumption profile that its environment really has", () => {
    const profiles = onlyResource(platform.json, "azurerm_container_app_environment").workload_profile;
    expect(profiles).toContainEqual({ name: containerApp.workload_profile_name, workload_profile_type: "Consumption" });
  });

  it.each(["jobs", "app"] as const)("deploys the platform before %s", (stack) => {
    expect(stacks[stack].json.data.terraform_remote_state).toHaveProperty("cross-stack-reference-input-platform");
    expect(platform.json.data?.terraform_remote_state).toBeUndefined();
  });

  it("has no probe that azurerm refuses", () => {
    const [container] = containerApp.template.container;
    for (const probe of [...container.startup_probe, ...container.liveness_probe, ...container.readiness_probe]) {
      expect(probe.failure_count_threshold).toBeLessThanOrEqual(30);
    }
  });

  it.each(stackIds)("names no path of the machine that synthesized %s", (stack) => {
    expect(stacks[stack].text).not.toContain(process.cwd());
  });

  it.each(stackIds)("keeps the state of %s under its own name, without a key to it", (stack) => {
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

  it.each(["jobs", "app"] as const)("lets %s read the platform's state the way the platform writes it", (stack) => {
    const read = stacks[stack].json.data.terraform_remote_state["cross-stack-reference-input-platform"];
    const [[backend, written]] = Object.entries(platform.json.terraform.backend) as [[string, Json]];
    expect(read.backend).toBe(backend);
    expect(read.config).toEqual(written);
  });

  it("registers the resource providers it uses, which azurerm's own list does not cover", () => {
    for (const { json } of Object.values(stacks)) {
      const [provider] = json.provider.azurerm;
      expect(provider.resource_provider_registrations).toBe("none");
      expect(provider.resource_providers_to_register).toContain("Microsoft.App");
      expect(provider.resource_providers_to_register).toContain("microsoft.insights");
    }
  });

  it("INV-16: synthesizes the same bytes again", () => {
    const again = synthesize(environment);
    for (const stack of stackIds) expect(again[stack].text).toBe(stacks[stack].text);
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

it("asks for no provider but azurerm unless identities are restricted", () => {
  const settings = loadSettings("staging");
  const providers = (restrictIdentities: boolean) => {
    const { app } = synthesize("staging", { settings: { ...settings, restrictIdentities } });
    return Object.keys(app.json.terraform.required_providers).sort();
  };
  expect(providers(false)).toEqual(["azurerm"]);
  expect(providers(true)).toEqual(["azapi", "azurerm"]);
});

it("starts and reaches an app as its settings say, and its migrator in every container that has one", () => {
  const { app, migrator, ...settings } = loadSettings("dev");
  const { app: stack, jobs } = synthesize("dev", {
    settings: {
      ...settings,
      app: { ...app, command: undefined, port: 3000, livenessPath: "/live", readinessPath: "/ready" },
      migrator: { ...migrator, command: ["/opt/schemagate/schemagate"] },
    },
  });
  const { template, ingress } = onlyResource(stack.json, "azurerm_container_app");
  expect(ingress).toMatchObject({ target_port: 3000 });
  expect(template.container[0].command).toBeUndefined();
  expect(template.container[0].liveness_probe[0]).toMatchObject({ path: "/live", port: 3000 });
  expect(template.container[0].readiness_probe[0]).toMatchObject({ path: "/ready", port: 3000 });
  expect(template.init_container[0].command).toEqual(["/opt/schemagate/schemagate", "up"]);
  for (const job of Object.values(jobsOf(jobs.json))) {
    expect(job.template.container[0].command).toEqual(["/opt/schemagate/schemagate"]);
  }
});

it("makes a new revision of the same image when told so", () => {
  const { app } = synthesize("dev", { redeployToken: "again" });
  const { template } = onlyResource(app.json, "azurerm_container_app");
  expect(variablesOf(template.container[0])).toMatchObject({ SCHEMAGATE_REDEPLOY: "again" });
});

function jobsOf(stack: Json): { readonly bootstrap: Json; readonly migration: Json } {
  const jobs = Object.values(stack.resource.azurerm_container_app_job as Record<string, Json>);
  const named = (ending: string) => {
    const found = jobs.filter(({ name }) => name.endsWith(ending));
    const [job] = found;
    if (job === undefined || found.length > 1) throw new Error(`${found.length} jobs end in ${ending}, not one`);
    return job;
  };
  return { bootstrap: named("-bootstrap"), migration: named("-migrate") };
}

/** Without what cdktf notes of itself: construct paths, its version. */
function withoutMetadata(stack: Json): Json {
  return JSON.parse(JSON.stringify(stack, (key, value) => (key === "//" ? undefined : value)));
}
