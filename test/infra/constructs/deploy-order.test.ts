import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import { TerraformStack, Testing } from "cdktf";
import type { Construct } from "constructs";
import { BootstrapJob } from "../../../infra/constructs/bootstrap-job";
import { orderAfter } from "../../../infra/constructs/deploy-order";
import { MigratedContainerApp } from "../../../infra/constructs/migrated-container-app";
import { MigrationJob } from "../../../infra/constructs/migration-job";
import { PrivatePostgres } from "../../../infra/constructs/private-postgres";
import { WorkloadIdentity } from "../../../infra/constructs/workload-identity";
import {
  appIdentity as importedIdentity,
  leastJobProps,
  leastProps,
  leastServerProps,
  migratorIdentity as otherImportedIdentity,
} from "../support/app-props";
import { type Json, onlyResource, synthesizeStack } from "../support/synthesized";

const groupIn = (stack: TerraformStack) => new ResourceGroup(stack, "group", { name: "rg", location: "westeurope" });

it("orders after the resources of the same stack", () => {
  const stack = new TerraformStack(Testing.app(), "test");
  const group = groupIn(stack);
  expect(orderAfter(stack, [group])).toEqual([group]);
});

it("puts another stack first, whose resources depends_on cannot name", () => {
  const app = Testing.app();
  const first = new TerraformStack(app, "first");
  const second = new TerraformStack(app, "second");
  const own = groupIn(second);
  expect(orderAfter(second, [groupIn(first), own])).toEqual([own]);
  expect(second.dependsOn(first)).toBe(true);
});

it("has nothing to say about nothing", () => {
  expect(orderAfter(new TerraformStack(Testing.app(), "test"), [])).toBeUndefined();
});

it("names what is asked for twice once", () => {
  const stack = new TerraformStack(Testing.app(), "test");
  const group = groupIn(stack);
  expect(orderAfter(stack, [group, group])).toEqual([group]);
});

describe("whoever is given something to work with waits for it", () => {
  const identityIn = (scope: Construct, name: string) =>
    new WorkloadIdentity(scope, name, {
      name,
      resourceGroupName: "rg-shop-dev",
      location: "westeurope",
      pullsFromRegistryId: "registry-id",
    });
  const postgresIn = (scope: Construct) => new PrivatePostgres(scope, "postgres", leastServerProps);

  /** What a resource waits for, without the hashes behind the addresses. */
  const waits = (resource: Json): string[] =>
    (resource.depends_on ?? []).map((address: string) =>
      address.replace(/^azurerm_(postgresql_flexible_server_)?/, "").replace(/_[0-9A-F]{8}$/, ""),
    );
  const database = [
    "active_directory_administrator.postgres_administrator",
    "database.postgres_database",
    "configuration.postgres_configuration_ssl_min_protocol_version",
  ];

  it("an app for the rights of both identities and for the database", () => {
    const stack = synthesizeStack((scope) => {
      const identity = identityIn(scope, "app");
      const migratorIdentity = identityIn(scope, "migrator");
      new MigratedContainerApp(scope, "shop", {
        ...leastProps,
        identity,
        migratorIdentity,
        database: postgresIn(scope),
      });
    });
    expect(waits(onlyResource(stack, "azurerm_container_app"))).toEqual([
      "role_assignment.app_registry-pull",
      "role_assignment.migrator_registry-pull",
      ...database,
    ]);
  });

  it("a job for the rights of its identity and for the database", () => {
    const stack = synthesizeStack((scope) => {
      const identity = identityIn(scope, "migrator");
      new MigrationJob(scope, "job", { ...leastJobProps, identity, database: postgresIn(scope) });
    });
    expect(waits(onlyResource(stack, "azurerm_container_app_job"))).toEqual([
      "role_assignment.migrator_registry-pull",
      ...database,
    ]);
  });

  it("the job that makes the roles for the administrator's rights, and for no others", () => {
    const stack = synthesizeStack((scope) => {
      const { identity: _, ...props } = leastJobProps;
      new BootstrapJob(scope, "bootstrap", {
        ...props,
        administrator: identityIn(scope, "admin"),
        migratorIdentity: identityIn(scope, "migrator"),
        appIdentity: identityIn(scope, "app"),
        database: postgresIn(scope),
      });
    });
    expect(waits(onlyResource(stack, "azurerm_container_app_job"))).toEqual([
      "role_assignment.admin_registry-pull",
      ...database,
    ]);
  });

  it("for the rights of identities that it knows by their ids alone", () => {
    const keyVaultSecretId = "https://kv-shop.vault.azure.net/secrets/smtp";
    const stack = synthesizeStack((scope) => {
      const { id: puller } = identityIn(scope, "puller");
      const { id: reader } = identityIn(scope, "reader");
      identityIn(scope, "bystander");
      new MigratedContainerApp(scope, "shop", {
        ...leastProps,
        registries: [{ server: "tools.example", identityId: puller }],
        secrets: [{ name: "smtp", keyVaultSecretId, identityId: reader }],
      });
      new MigrationJob(scope, "job", {
        ...leastJobProps,
        ledgerSchema: "others",
        secrets: [{ name: "smtp", keyVaultSecretId, identityId: reader }],
      });
    });
    expect(waits(onlyResource(stack, "azurerm_container_app"))).toEqual([
      "role_assignment.puller_registry-pull",
      "role_assignment.reader_registry-pull",
    ]);
    expect(waits(onlyResource(stack, "azurerm_container_app_job"))).toEqual(["role_assignment.reader_registry-pull"]);
  });

  it("for the rights of an identity that another object stands for", () => {
    const stack = synthesizeStack((scope) => {
      const { id, clientId, principalId, name } = identityIn(scope, "app");
      new MigratedContainerApp(scope, "shop", { ...leastProps, identity: { id, clientId, principalId, name } });
    });
    expect(waits(onlyResource(stack, "azurerm_container_app"))).toEqual(["role_assignment.app_registry-pull"]);
  });

  it("and for what somebody names besides, each once", () => {
    const stack = synthesizeStack((scope) => {
      const identity = identityIn(scope, "app");
      const deployAfter = [...identity.roleAssignments, groupIn(scope as TerraformStack)];
      new MigratedContainerApp(scope, "shop", { ...leastProps, identity, deployAfter });
    });
    expect(waits(onlyResource(stack, "azurerm_container_app"))).toEqual([
      "role_assignment.app_registry-pull",
      "resource_group.group",
    ]);
  });

  it("as a stack behind another one, when that is where it is made", () => {
    const app = Testing.app();
    const platform = new TerraformStack(app, "platform");
    const identity = identityIn(platform, "app");
    const shop = new TerraformStack(app, "shop");
    // The id in clear: no reference of the app's puts the platform first.
    const given = { ...importedIdentity, roleAssignments: identity.roleAssignments };
    const { resource } = new MigratedContainerApp(shop, "shop", { ...leastProps, identity: given });
    expect(shop.dependsOn(platform)).toBe(true);
    expect(resource.dependsOn).toBeUndefined();
  });

  it("but for nothing of somebody else's, unless they say for what", () => {
    const stack = synthesizeStack((scope) => {
      const identity = WorkloadIdentity.fromWorkloadIdentityAttributes(scope, "identity", importedIdentity);
      const others = PrivatePostgres.fromPostgresAttributes(scope, "postgres", {
        host: "psql.example",
        databaseName: "shop",
      });
      const roleAssignments = [groupIn(scope as TerraformStack)];
      const migrator = { ...otherImportedIdentity, roleAssignments };
      new MigratedContainerApp(scope, "shop", { ...leastProps, identity, database: others });
      new MigrationJob(scope, "job", {
        ...leastJobProps,
        ledgerSchema: "others",
        identity: WorkloadIdentity.fromWorkloadIdentityAttributes(scope, "migrator", migrator),
      });
    });
    expect(onlyResource(stack, "azurerm_container_app")).not.toHaveProperty("depends_on");
    expect(waits(onlyResource(stack, "azurerm_container_app_job"))).toEqual(["resource_group.group"]);
  });
});
