import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import { BootstrapJob, type BootstrapJobProps } from "../../../infra/constructs/bootstrap-job";
import type { IWorkloadIdentity } from "../../../infra/constructs/workload-identity";
import {
  appIdentity,
  dedicated,
  entraVariablesOf,
  environmentWith,
  leastJobProps,
  migratorIdentity,
  variablesOf,
} from "../support/app-props";
import { constructing, type Json, onlyResource, synthesizeStack } from "../support/synthesized";

const administrator: IWorkloadIdentity = {
  id: "admin-id",
  clientId: "admin-client-id",
  principalId: "admin-principal-id",
  name: "id-shop-dev-db-admin",
};

const leastProps: BootstrapJobProps = {
  name: "caj-shop-bootstrap",
  resourceGroupName: "rg-shop-dev",
  environment: leastJobProps.environment,
  image: leastJobProps.image,
  database: leastJobProps.database,
  administrator,
  migratorIdentity,
  appIdentity,
};

function synthesizeJob(props: Partial<BootstrapJobProps> = {}): Json {
  const stack = synthesizeStack((scope) => new BootstrapJob(scope, "bootstrap", { ...leastProps, ...props }));
  return onlyResource(stack, "azurerm_container_app_job");
}

const roles = {
  SCHEMAGATE_MIGRATOR_ROLE: "id-shop-dev-migrator",
  SCHEMAGATE_MIGRATOR_OBJECT_ID: "migrator-principal-id",
  SCHEMAGATE_APP_ROLE: "id-shop-dev-app",
  SCHEMAGATE_APP_OBJECT_ID: "identity-principal-id",
};

it("runs 'bootstrap' as the server's administrator, and as nobody else", () => {
  const job = synthesizeJob();
  const [container] = job.template.container;
  expect(job.identity).toEqual({ type: "UserAssigned", identity_ids: ["admin-id"] });
  expect(container).toMatchObject({ command: ["node", "dist/cli.js"], args: ["bootstrap"] });
  expect(job).not.toHaveProperty("secret");
});

it("tells it the roles to make of both identities", () => {
  const [container] = synthesizeJob().template.container;
  expect(variablesOf(container)).toEqual({ ...entraVariablesOf(administrator), ...roles });
});

it("makes one role of a shared identity", () => {
  const [container] = synthesizeJob({ migratorIdentity: appIdentity }).template.container;
  expect(variablesOf(container)).toMatchObject({
    SCHEMAGATE_MIGRATOR_OBJECT_ID: "identity-principal-id",
    SCHEMAGATE_APP_OBJECT_ID: "identity-principal-id",
  });
});

it("takes the app's schema, the ledger's and further variables", () => {
  const props = { schema: "shop", ledgerSchema: "ledger", migrateEnvironmentVariables: { NO_COLOR: "1" } };
  const [container] = synthesizeJob(props).template.container;
  expect(variablesOf(container)).toEqual({
    ...entraVariablesOf(administrator),
    ...roles,
    SCHEMAGATE_SCHEMA: "shop",
    SCHEMAGATE_LEDGER_SCHEMA: "ledger",
    NO_COLOR: "1",
  });
});

it("is stopped after a quarter of an hour unless told otherwise", () => {
  expect(synthesizeJob().replica_timeout_in_seconds).toBe(900);
  expect(synthesizeJob({ timeoutSeconds: undefined }).replica_timeout_in_seconds).toBe(900);
  expect(synthesizeJob({ timeoutSeconds: 60 }).replica_timeout_in_seconds).toBe(60);
});

it("runs, is tagged and pulls its image as told", () => {
  const job = synthesizeJob({
    environment: environmentWith(dedicated),
    registryServer: "shop.example",
    command: ["schemagate"],
    retryLimit: 2,
    tags: { owner: "platform" },
  });
  expect(job).toMatchObject({
    workload_profile_name: "big",
    registry: [{ server: "shop.example", identity: "admin-id" }],
    replica_retry_limit: 2,
    tags: { owner: "platform" },
  });
  expect(job.template.container[0]).toMatchObject({ command: ["schemagate"], args: ["bootstrap"] });
});

it("is deployed after what it needs", () => {
  const stack = synthesizeStack((scope) => {
    const group = new ResourceGroup(scope, "group", { name: "rg", location: "westeurope" });
    new BootstrapJob(scope, "bootstrap", { ...leastProps, deployAfter: [group] });
  });
  expect(onlyResource(stack, "azurerm_container_app_job").depends_on).toEqual(["azurerm_resource_group.group"]);
});

it("takes what it has no prop for through its resource", () => {
  const stack = synthesizeStack((scope) => {
    const { resource } = new BootstrapJob(scope, "bootstrap", leastProps);
    resource.addOverride("template.container.0.cpu", 1);
  });
  expect(onlyResource(stack, "azurerm_container_app_job").template.container[0].cpu).toBe(1);
});

it.each(["migrateEnvironmentVariables", "migrateSecretEnvironmentVariables"] as const)(
  "fails when %s names another role than the identities'",
  (prop) => {
    const props = { ...leastProps, [prop]: { SCHEMAGATE_APP_ROLE: "other" } };
    expect(constructing((scope) => new BootstrapJob(scope, "bootstrap", props))).toThrow(
      `test/bootstrap: '${prop}' sets SCHEMAGATE_APP_ROLE, which the construct sets already: one value would silently win.`,
    );
  },
);

it("fails when its image is mutable", () => {
  const image = "shop.example/shop:latest";
  expect(constructing((scope) => new BootstrapJob(scope, "bootstrap", { ...leastProps, image }))).toThrow(
    "'image' (shop.example/shop:latest) has the mutable tag 'latest'",
  );
});
