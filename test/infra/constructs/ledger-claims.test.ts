import { ContainerRegistry } from "@cdktf/provider-azurerm/lib/container-registry";
import { PostgresqlFlexibleServer } from "@cdktf/provider-azurerm/lib/postgresql-flexible-server";
import { TerraformStack, TerraformVariable, Testing } from "cdktf";
import type { Construct } from "constructs";
import { ConfigurationError } from "../../../infra";
import { BootstrapJob } from "../../../infra/constructs/bootstrap-job";
import { MigratedContainerApp } from "../../../infra/constructs/migrated-container-app";
import type { MigratedContainerAppProps } from "../../../infra/constructs/migrated-container-app-props";
import { MigrationJob } from "../../../infra/constructs/migration-job";
import type { IWorkloadIdentity } from "../../../infra/constructs/workload-identity";
import { byDatabaseUrl, databaseUrl, leastJobProps, leastProps } from "../support/app-props";

const identityOf = (name: string): IWorkloadIdentity => ({
  id: `${name}-id`,
  clientId: `${name}-client-id`,
  principalId: `${name}-principal-id`,
  name: `id-${name}`,
});

const [shop, bill, web] = [identityOf("shop"), identityOf("bill"), identityOf("web")];
const billImage = "shop.example/bill:1.0.0";

function stacks(): { one: TerraformStack; other: TerraformStack } {
  const app = Testing.app();
  return { one: new TerraformStack(app, "one"), other: new TerraformStack(app, "other") };
}

function addApp(scope: Construct, id: string, props: Partial<MigratedContainerAppProps> = {}): MigratedContainerApp {
  return new MigratedContainerApp(scope, id, { ...leastProps, identity: shop, ...props });
}

function addBootstrap(
  scope: Construct,
  id: string,
  migratorIdentity: IWorkloadIdentity,
  more: object = {},
): BootstrapJob {
  const administrator = identityOf("admin");
  return new BootstrapJob(scope, id, { ...leastJobProps, administrator, migratorIdentity, appIdentity: web, ...more });
}

describe("two apps with one database and one ledger", () => {
  it("are refused, with both images, both identities, database and schema", () => {
    const { one } = stacks();
    addApp(one, "shop");

    const adding = () => addApp(one, "bill", { image: billImage, identity: bill });

    expect(adding).toThrow(ConfigurationError);
    expect(() => addApp(one, "mail", { image: billImage, identity: bill })).toThrow(
      "one/mail: 'ledgerSchema' (schemagate) of the database shop on psql.example is that of one/shop already, with another " +
        "image (shop.example/shop, not shop.example/bill) and another migrator's identity (id-shop, not id-bill)",
    );
  });

  it.each<[string, Partial<MigratedContainerAppProps>, Partial<MigratedContainerAppProps>]>([
    ["in another stack, by the image alone", {}, { image: billImage }],
    ["by the identity that migrates alone", {}, { identity: bill }],
    ["by their migrators' identities", { migratorIdentity: web }, { migratorIdentity: bill }],
    ["where one says the migrator's own name", {}, { image: billImage, ledgerSchema: "schemagate" }],
    [
      "with a host that is written otherwise",
      {},
      { image: billImage, database: { host: "PSQL.example", databaseName: "shop" } },
    ],
    [
      "named by a prop and a variable",
      { ledgerSchema: "l" },
      { image: billImage, migrateEnvironmentVariables: { SCHEMAGATE_LEDGER_SCHEMA: "l" } },
    ],
    [
      "named by an option",
      { ledgerSchema: "l" },
      { image: billImage, migrateCommand: ["node", "dist/cli.js", "up", "--ledger-schema=l"] },
    ],
    [
      "by one secret with its URL, in a version of it",
      byDatabaseUrl,
      {
        ...byDatabaseUrl,
        databaseUrl: { keyVaultSecretId: `${databaseUrl.keyVaultSecretId}/0123456789abcdef` },
        image: billImage,
      },
    ],
    ["by one secret with its URL", byDatabaseUrl, { ...byDatabaseUrl, image: billImage }],
  ])("are refused %s", (_how, first, second) => {
    const { one, other } = stacks();
    addApp(one, "shop", first);

    expect(() => addApp(other, "bill", second)).toThrow(
      /'ledgerSchema' \(\w+\) of the database .* is that of one\/shop already/,
    );
  });

  it.each<[string, Partial<MigratedContainerAppProps>]>([
    ["a ledger of its own", { ledgerSchema: "bill_ledger" }],
    [
      "a ledger of its own, as a variable",
      { migrateEnvironmentVariables: { SCHEMAGATE_LEDGER_SCHEMA: "bill_ledger" } },
    ],
    ["another database of the server", { database: { host: "psql.example", databaseName: "bill" } }],
    ["another server", { database: { host: "psql-2.example", databaseName: "shop" } }],
    ["a database by a secret", { ...byDatabaseUrl }],
    ["a migrator that only looks", { migrateCommand: ["node", "dist/cli.js", "status", "--check"] }],
  ])("are taken with %s", (_what, second) => {
    const { one, other } = stacks();
    addApp(one, "shop");

    expect(() => addApp(other, "bill", { image: billImage, identity: bill, ...second })).not.toThrow();
  });

  it("are refused by a server that is made here, and taken where each stack makes its own", () => {
    const { one, other } = stacks();
    const serverOf = (stack: TerraformStack) =>
      new PostgresqlFlexibleServer(stack, "server", { name: "psql", resourceGroupName: "rg", location: "westeurope" });
    const [server, another] = [serverOf(one), serverOf(other)];
    addApp(one, "shop", { database: { host: server.fqdn, databaseName: "shop" } });

    // The same attribute, asked for twice, is two tokens.
    expect(() =>
      addApp(other, "bill", { image: billImage, database: { host: server.fqdn, databaseName: "shop" } }),
    ).toThrow("of the database shop on <one:azurerm_postgresql_flexible_server.server.fqdn>");
    expect(() =>
      addApp(other, "mail", { image: billImage, database: { host: another.fqdn, databaseName: "shop" } }),
    ).not.toThrow();
  });

  it("are refused when a job of another image would migrate there", () => {
    const { one } = stacks();
    addApp(one, "shop");

    expect(() => new MigrationJob(one, "job", { ...leastJobProps, identity: shop, image: billImage })).toThrow(
      "another image (shop.example/shop, not shop.example/bill)",
    );
  });
});

describe("one app", () => {
  it("shares its ledger with its jobs, its worker and its other versions", () => {
    const { one, other } = stacks();
    const compose = () => {
      addBootstrap(one, "bootstrap", shop);
      new MigrationJob(one, "job", { ...leastJobProps, identity: shop });
      addApp(one, "api", { identity: web, migratorIdentity: shop });
      addApp(other, "worker", { identity: bill, migratorIdentity: shop, image: "shop.example/shop:1.3.0" });
      addApp(other, "digest", { image: `shop.example/shop@sha256:${"a".repeat(64)}` });
      new MigrationJob(other, "look", { ...leastJobProps, identity: web, args: ["status"] });
    };

    expect(compose).not.toThrow();
  });

  it("may have its image where only Terraform knows it", () => {
    const { one } = stacks();
    const registry = new ContainerRegistry(one, "registry", {
      name: "cr",
      resourceGroupName: "rg",
      location: "w",
      sku: "Basic",
    });
    addApp(one, "api", { image: `${registry.loginServer}/shop:1.4.0` });
    addApp(one, "worker", { image: `${registry.loginServer}/shop:1.4.0` });
    addApp(one, "written", { image: "cr.azurecr.io/shop:1.4.0", registryServer: "cr.azurecr.io" });
    addApp(one, "variable", { image: new TerraformVariable(one, "image", { type: "string" }).stringValue });

    expect(() => addApp(one, "bill", { image: `${registry.loginServer}/bill:1.4.0` })).toThrow("another image (<one:");
  });

  it("with a secret each for its URL is not looked into", () => {
    const { one } = stacks();
    addApp(one, "shop", byDatabaseUrl);
    const own = { keyVaultSecretId: `${databaseUrl.keyVaultSecretId}-bill` };

    expect(() => addApp(one, "bill", { ...byDatabaseUrl, databaseUrl: own, image: billImage })).not.toThrow();
  });
});

describe("two bootstraps of one database", () => {
  it.each([
    ["the ledger's schema", { schema: "bill" }, "'ledgerSchema' (schemagate)"],
    ["the tables' schema", { ledgerSchema: "bill_ledger" }, "'schema' (app)"],
  ])("are refused when another migrator would get %s", (_what, more, told) => {
    const { one } = stacks();
    addBootstrap(one, "shop", shop);

    expect(() => addBootstrap(one, "bill", bill, more)).toThrow(told);
  });

  it("are taken with schemas for each, and say them to the job", () => {
    const { one } = stacks();
    addBootstrap(one, "shop", shop);
    const { resource } = addBootstrap(one, "bill", bill, { schema: "bill", ledgerSchema: "bill_ledger" });

    expect(resource.template.internalValue?.container).toMatchObject([
      {
        env: expect.arrayContaining([
          { name: "SCHEMAGATE_SCHEMA", value: "bill" },
          { name: "SCHEMAGATE_LEDGER_SCHEMA", value: "bill_ledger" },
        ]),
      },
    ]);
  });

  it("are refused beside an app that another identity migrates", () => {
    const { one } = stacks();
    addApp(one, "shop");

    expect(() => addBootstrap(one, "bill", bill, { schema: "bill" })).toThrow(
      "another migrator's identity (id-shop, not id-bill)",
    );
  });
});
