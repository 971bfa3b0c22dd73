import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformElement } from "cdktf";
import { Construct } from "constructs";
import * as infra from "../../../infra";
import {
  BootstrapJob,
  ContainerEnvironment,
  GateAlert,
  ImageRegistry,
  LogWorkspace,
  MigratedContainerApp,
  MigrationJob,
  Network,
  PrivatePostgres,
  WorkloadIdentity,
} from "../../../infra";
import { leastJobProps, leastNetworkProps, leastProps, leastServerProps } from "../support/app-props";
import { projectDirectory } from "../support/run-script";
import { type Json, onlyResource, resourcesOfType, synthesizeStack } from "../support/synthesized";

const page = readFileSync(join(projectDirectory, "docs/constructs.md"), "utf8");
const [, code = ""] = /## What has no prop[\s\S]*?```ts\n([\s\S]*?)```/.exec(page) ?? [];

/** Each override that the page shows: what it is called on, its path, and its value. */
const documented = [...code.matchAll(/^ .*?([\w.]+)\.addOverride\("([^"]+)", (.*)\);$/gm)].map(
  ([, on = "", path = "", value = ""]) => ({ on, path, value: new Function(`return (${value})`)() as unknown }),
);

/** Where each of them is found in the stack. */
const types: Readonly<Record<string, string>> = {
  "app.resource": "azurerm_container_app",
  "job.resource": "azurerm_container_app_job",
  "postgres.resource": "azurerm_postgresql_flexible_server",
  "postgres.database": "azurerm_postgresql_flexible_server_database",
  "network.resource": "azurerm_virtual_network",
  "network.containerAppsSubnet": "azurerm_subnet",
  "identity.resource": "azurerm_user_assigned_identity",
  each: "azurerm_monitor_action_group",
};

const place = { resourceGroupName: "rg-shop-dev", location: "westeurope" };
const alertProps = {
  ...place,
  name: "shop",
  containerAppName: "ca-shop-dev",
  logWorkspace: { id: "workspace-id" },
  emails: ["platform@shop.example"],
};

/** One of each construct that the page adjusts, and what the page does to them. */
function synthesizeAdjusted(adjust?: Json): Json {
  return synthesizeStack((scope) => {
    const additionalContainers = [{ name: "proxy", image: "shop.example/proxy:1.0.0", cpu: 0.25 }];
    const app = new MigratedContainerApp(scope, "app", { ...leastProps, additionalContainers });
    const job = new MigrationJob(scope, "job", { ...leastJobProps, identity: leastProps.identity });
    const postgres = new PrivatePostgres(scope, "postgres", leastServerProps);
    const alert = new GateAlert(scope, "alert", alertProps);
    const network = new Network(scope, "network", leastNetworkProps);
    const identity = new WorkloadIdentity(scope, "identity", { ...place, name: "id-shop-dev" });
    adjust?.adjust(app, job, postgres);
    adjust?.adjustPlatform(alert, network, identity);
  });
}

/** The page's code as a module. */
function loadPage(): Json {
  const directory = mkdtempSync(join(tmpdir(), "schemagate-example-"));
  try {
    symlinkSync(join(projectDirectory, "node_modules"), join(directory, "node_modules"));
    writeFileSync(join(directory, "adjust.ts"), code);
    return require(join(directory, "adjust.ts"));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Every resource of a type that holds the path; what a step leads through is a list exactly when the step is a number. */
function valuesAt(stack: Json, type: string, path: string): unknown[] {
  return resourcesOfType(stack, type).map(([, resource]) =>
    path.split(".").reduce<Json | undefined>((at, step) => {
      const isIndex = /^\d+$/.test(step);
      return at !== undefined && Array.isArray(at) === isIndex ? at[step] : undefined;
    }, resource),
  );
}

const before = synthesizeAdjusted();
const after = synthesizeAdjusted(loadPage());

it("is there on every construct that makes something", () => {
  const isConstruct = ([, value]: [string, unknown]) =>
    typeof value === "function" && value.prototype instanceof Construct;
  const exported = Object.entries(infra)
    .filter(isConstruct)
    .map(([name]) => name);
  synthesizeStack((scope) => {
    const logWorkspace = new LogWorkspace(scope, "logs", { ...place, name: "log-shop-dev" });
    const identity = new WorkloadIdentity(scope, "identity", { ...place, name: "id-shop-dev" });
    const { identity: _, ...jobProps } = leastJobProps;
    const roles = {
      administrator: identity,
      migratorIdentity: leastProps.identity,
      appIdentity: leastProps.identity,
    };
    const made: Record<string, { resource?: unknown; resources?: readonly unknown[] }> = {
      LogWorkspace: logWorkspace,
      WorkloadIdentity: identity,
      Network: new Network(scope, "network", leastNetworkProps),
      PrivatePostgres: new PrivatePostgres(scope, "postgres", leastServerProps),
      ImageRegistry: new ImageRegistry(scope, "registry", { ...place, name: "crshopdev", sku: "Basic" }),
      MigratedContainerApp: new MigratedContainerApp(scope, "app", leastProps),
      MigrationJob: new MigrationJob(scope, "job", { ...leastJobProps, identity: leastProps.identity }),
      BootstrapJob: new BootstrapJob(scope, "bootstrap", { ...jobProps, ...roles }),
      GateAlert: new GateAlert(scope, "alert", alertProps),
      ContainerEnvironment: new ContainerEnvironment(scope, "environment", {
        ...place,
        name: "cae-shop-dev",
        infrastructureResourceGroupName: "rg-shop-dev-infrastructure",
        subnetId: "subnet-id",
        logWorkspace,
      }),
    };
    // A secret of somebody else's Key Vault is referred to, and nothing is made.
    expect(Object.keys(made).sort()).toEqual(exported.filter((name) => name !== "DatabaseUrlSecret").sort());
    for (const { resource, resources = [resource] } of Object.values(made)) {
      expect(resources.length).toBeGreaterThan(0);
      expect(resources.every((each) => TerraformElement.isTerraformElement(each))).toBe(true);
    }
  });
});

it("is shown with examples of every construct that it is shown for", () => {
  expect(new Set(documented.map(({ on }) => on))).toEqual(new Set(Object.keys(types)));
});

it.each(documented)("sets what the page says: $on, $path", ({ on, path, value }) => {
  const type = types[on] as string;
  expect(valuesAt(before, type, path)).not.toContainEqual(value);
  expect(valuesAt(after, type, path)).toContainEqual(value);
});

it("writes no number into a block of which there is one", () => {
  const numbered: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (!Array.isArray(value) && /^\d+$/.test(key)) numbered.push(`${path}.${key}`);
      walk(inner, `${path}.${key}`);
    }
  };
  walk(after, "");
  expect(numbered).toEqual([]);
});

it("adds an array to the one that is there, and takes away what is undefined", () => {
  const stack = synthesizeStack((scope) => {
    const { resource } = new MigratedContainerApp(scope, "app", leastProps);
    resource.addOverride("template.init_container.0.command", ["--json"]);
    resource.addOverride("template.polling_interval_in_seconds", undefined);
  });
  const { template } = onlyResource(stack, "azurerm_container_app");
  expect(template.init_container[0].command).toEqual(["node", "dist/cli.js", "up", "--json"]);
  expect(template).not.toHaveProperty("polling_interval_in_seconds");
});
