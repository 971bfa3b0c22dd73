import { TerraformVariable } from "cdktf";
import { BootstrapJob } from "../../../infra/constructs/bootstrap-job";
import { ContainerEnvironment } from "../../../infra/constructs/container-environment";
import { DatabaseUrlSecret } from "../../../infra/constructs/database-url-secret";
import { GateAlert } from "../../../infra/constructs/gate-alert";
import { ImageRegistry } from "../../../infra/constructs/image-registry";
import { LogWorkspace } from "../../../infra/constructs/log-workspace";
import { MigratedContainerApp } from "../../../infra/constructs/migrated-container-app";
import { MigrationJob } from "../../../infra/constructs/migration-job";
import { Network } from "../../../infra/constructs/network";
import { PrivatePostgres } from "../../../infra/constructs/private-postgres";
import { WorkloadIdentity } from "../../../infra/constructs/workload-identity";
import {
  appIdentity,
  byDatabaseUrl,
  databaseUrl,
  leastJobProps,
  leastNetworkProps,
  leastProps,
  leastServerProps,
  migratorIdentity,
  unknownNumber,
  unknownText,
} from "../support/app-props";
import { constructing, type Json, synthesizeStack } from "../support/synthesized";

type Scope = ConstructorParameters<typeof MigratedContainerApp>[0];
type Wrong = readonly [props: object, problem: string];

const place = { resourceGroupName: "rg-shop-dev", location: "westeurope" };

/** Creates a construct as somebody does who has no types: whatever is given takes the place of what is least. */
const creating =
  <Props>(create: (scope: Scope, props: Props) => unknown, least: Props) =>
  (props: object) =>
    constructing((scope) => create(scope as Scope, { ...least, ...props }));

const app = creating((scope, props) => new MigratedContainerApp(scope, "it", props), leastProps);
const job = creating((scope, props) => new MigrationJob(scope, "it", props), leastJobProps);
const { identity: _, ...leastWithoutIdentity } = leastJobProps;
const administrator = {
  id: "admin-id",
  clientId: "admin-client-id",
  principalId: "admin-principal-id",
  name: "id-admin",
};
const bootstrap = creating((scope, props) => new BootstrapJob(scope, "it", props), {
  ...leastWithoutIdentity,
  administrator,
  migratorIdentity,
  appIdentity,
});
const environment = creating((scope, props) => new ContainerEnvironment(scope, "it", props), {
  ...place,
  name: "cae-shop-dev",
  infrastructureResourceGroupName: "rg-shop-dev-infrastructure",
  subnetId: "subnet-id",
  logWorkspace: { id: "workspace-id" },
});
const importedEnvironment = creating(
  (scope, props) => ContainerEnvironment.fromContainerEnvironmentAttributes(scope, "it", props),
  { id: "environment-id", location: "westeurope", kind: "workload-profiles" } as const,
);
const network = creating((scope, props) => new Network(scope, "it", props), leastNetworkProps);
const importedNetwork = creating((scope, props) => Network.fromNetworkAttributes(scope, "it", props), {
  virtualNetworkId: "network-id",
  containerAppsSubnetId: "apps-id",
  postgresSubnetId: "postgres-id",
});
const registry = creating((scope, props) => new ImageRegistry(scope, "it", props), {
  ...place,
  name: "crshopdev",
  sku: "Basic",
});
const importedRegistry = creating((scope, props) => ImageRegistry.fromImageRegistryAttributes(scope, "it", props), {
  id: "registry-id",
  loginServer: "crshop.azurecr.io",
});
const workspace = creating((scope, props) => new LogWorkspace(scope, "it", props), { ...place, name: "log-shop-dev" });
const server = creating((scope, props) => new PrivatePostgres(scope, "it", props), leastServerProps);
const importedServer = creating((scope, props) => PrivatePostgres.fromPostgresAttributes(scope, "it", props), {
  host: "psql.example",
  databaseName: "shop",
});
const identity = creating((scope, props) => new WorkloadIdentity(scope, "it", props), {
  ...place,
  name: "id-shop-dev",
});
const alert = creating((scope, props) => new GateAlert(scope, "it", props), {
  ...place,
  name: "shop-dev",
  containerAppName: "ca-shop-dev",
  logWorkspace: { id: "workspace-id" },
  emails: ["platform@shop.example"],
});
const secret = creating((scope, props) => DatabaseUrlSecret.fromKeyVaultSecretAttributes(scope, "it", props), {
  vaultUri: "https://kv-shop.vault.azure.net/",
  secretName: "database-url",
});

/** Each of these is refused, by its name and value. */
function refuses(create: (props: object) => () => void, wrong: readonly Wrong[]): void {
  it.each(wrong)("fails when %j", (props, problem) => {
    expect(create({})).not.toThrow();
    expect(create(props)).toThrow(`test/it: ${problem}`);
  });
}

const container = { name: "proxy", image: "shop.example/proxy:1.0.0", cpu: 0.25 };
const volume = { name: "data", storageType: "EmptyDir" };
const rule = { name: "queue", type: "azure-queue", metadata: { queueName: "orders" } };
const weights = (...trafficWeights: object[]) => ({ revisionMode: "Multiple", trafficWeights });

describe("an app", () => {
  refuses(app, [
    [
      { additionalContainers: [{ ...container, env: { A: "1" } }] },
      "'additionalContainers[0].env' is no prop, and nobody would read it. Use one of name, image, cpu, memory,",
    ],
    [{ name: "CA_Shop" }, "'name' (CA_Shop) must be a container app's name: 2 to 32 lower case letters, digits and"],
    [{ name: "ca--shop" }, "'name' (ca--shop) must be a container app's name"],
    [{ name: "c".repeat(33) }, `'name' (${"c".repeat(33)}) must be a container app's name`],
    [{ resourceGroupName: "rg shop" }, "'resourceGroupName' (rg shop) must be a resource group's name"],
    [{ targetPort: 70_000 }, "'targetPort' (70000) must be a whole number from 1 to 65535"],
    [{ targetPort: 0 }, "'targetPort' (0) must be a whole number from 1 to 65535"],
    [{ targetPort: "8080" }, "'targetPort' (8080) must be a whole number"],
    [{ maxReplicas: 5000 }, "'maxReplicas' (5000) must be a whole number from 1 to 1000"],
    [{ maxReplicas: 0 }, "'maxReplicas' (0) must be a whole number from 1 to 1000"],
    [{ minReplicas: -1 }, "'minReplicas' (-1) must be a whole number from 0 to 1000"],
    [{ minReplicas: 5, maxReplicas: 2 }, "'minReplicas' (5) must not be more than 'maxReplicas' (2)"],
    [{ concurrentRequestsPerReplica: 0 }, "'concurrentRequestsPerReplica' (0) must be a whole number from 1"],
    [{ workers: 0.5 }, "'workers' (0.5) must be a whole number from 1"],
    [{ maxInactiveRevisions: 101 }, "'maxInactiveRevisions' (101) must be a whole number from 0 to 100"],
    [{ terminationGraceSeconds: 601 }, "'terminationGraceSeconds' (601) must be a whole number from 0 to 600"],
    [{ cpu: "0.5" }, "'cpu' (0.5) must be a number of vCPU above zero"],
    [{ cpu: 0 }, "'cpu' (0) must be a number of vCPU above zero"],
    [{ memory: "1024Mi" }, "'memory' (1024Mi) must be a number of GiB with its unit"],
    [{ readinessPath: "health" }, "'readinessPath' (health) must be a path: it begins with a slash"],
    [{ livenessPath: "/health live" }, "'livenessPath' (/health live) must be a path"],
    [{ revisionMode: "multiple" }, "'revisionMode' (multiple) must be Single or Multiple: the letters' case counts"],
    [{ revisionMode: "Labels" }, "'revisionMode' (Labels) must be Single or Multiple: the gate knows no other mode"],
    [{ revisionSuffix: "V_2" }, "'revisionSuffix' (V_2) must be the last part of a revision's name"],
    [{ aheadPolicy: "ignore" }, "'aheadPolicy' (ignore) must be pass or refuse"],
    [{ outOfOrderPolicy: "Allow" }, "'outOfOrderPolicy' (Allow) must be refuse or allow: the letters' case counts"],
    [{ ledgerSchema: "Bad Name; drop" }, "'ledgerSchema' (Bad Name; drop) must be a PostgreSQL name"],
    [{ ledgerSchema: "pg_ledger" }, "'ledgerSchema' (pg_ledger) must be a PostgreSQL name"],
    [{ command: "node app.js" }, "'command' (node app.js) must be a list"],
    [{ command: ["node", 8080] }, "'command[1]' (8080) must be a word of a command"],
    [{ ingress: "false" }, "'ingress' (false) must be true or false"],
    [{ minReplica: 2 }, "'minReplica' is no prop, and nobody would read it. Write 'minReplicas', or remove it"],
    [
      { registyServer: "x" },
      "'registyServer' is no prop, and nobody would read it. Write 'registryServer', or remove it",
    ],
    [{ environmentVariables: { "MY VAR": "1" } }, "'environmentVariables' (MY VAR) must be names of variables"],
    [
      { environmentVariables: { LEVEL: 3 } },
      "'environmentVariables.LEVEL' (not shown: it may be the value) must be text",
    ],
    [{ tags: { "a/b": "c" } }, "'tags' (a/b) must be names of tags"],
    [{ tags: { owner: 1 } }, "'tags.owner' (1) must be text"],
    [{ identity: undefined }, "'identity' (missing) must be an identity"],
    [{ identity: "id-shop" }, "'identity' (id-shop) must be an identity"],
    [{ environment: "environment-id" }, "'environment' (environment-id) must be a container environment"],
    [
      { deployAfter: ["azurerm_resource_group.rg"] },
      "'deployAfter[0]' (azurerm_resource_group.rg) must be a Terraform resource",
    ],
    [{ migratorIdentity: appIdentity }, "'migratorIdentity' (id-shop-dev-app) is 'identity' again"],
    [
      { identity: { ...appIdentity, name: "i".repeat(64) } },
      `the identity ${"i".repeat(64)} signs in to 'database' by its name`,
    ],
    [
      { database: { host: "psql.example:6432", databaseName: "shop" } },
      "'database.host' (psql.example:6432) must be the server's host name alone: the port is 5432, because behind the " +
        "built-in PgBouncer's 6432 the migrator's lock does not hold. Write psql.example",
    ],
    [
      { additionalContainers: [{ ...container, name: "My_Proxy" }] },
      "'additionalContainers[0].name' (My_Proxy) must be a name",
    ],
    [
      { additionalContainers: [{ ...container, cpu: -1 }] },
      "'additionalContainers[0].cpu' (-1) must be a number of vCPU",
    ],
    [
      { additionalInitContainers: [{ ...container, beforeMigrator: "yes" }] },
      "'additionalInitContainers[0].beforeMigrator' (yes)",
    ],
    [
      { volumes: [{ ...volume, storageType: "emptyDir" }] },
      "'volumes[0].storageType' (emptyDir) must be EmptyDir, AzureFile,",
    ],
    [
      { volumes: [{ ...volume, mountOptions: "uid=1" }] },
      "the volume 'data' of type EmptyDir has 'mountOptions' (uid=1)",
    ],
    [
      { volumes: [volume], volumeMounts: [{ name: "data", path: "data" }] },
      "'volumeMounts[0].path' (data) must be a path",
    ],
    [
      {
        volumes: [volume],
        volumeMounts: [
          { name: "data", path: "/a" },
          { name: "data", path: "/a" },
        ],
      },
      "'volumeMounts' (/a) has the path twice",
    ],
    [
      { volumes: [volume], migrateVolumeMounts: [{ name: "data", path: "/a", subPath: "../b" }] },
      "'migrateVolumeMounts[0].subPath' (../b) must be a folder of the volume",
    ],
    [
      { customScaleRules: [{ ...rule, type: "rabbit" }] },
      "'customScaleRules[0].type' (rabbit) must be activemq, artemis-queue,",
    ],
    [
      { customScaleRules: [{ ...rule, name: "My Queue" }] },
      "'customScaleRules[0].name' (My Queue) must be a rule's name",
    ],
    [
      { customScaleRules: [{ ...rule, metadata: { queueLength: 5 } }] },
      "'customScaleRules[0].metadata.queueLength' (5) must be text",
    ],
    [
      weights({ percentage: 110 }, { percentage: -10, revisionSuffix: "a" }),
      "'trafficWeights[0].percentage' (110) must be a whole",
    ],
    [weights(), "'trafficWeights' (empty) must have an entry"],
    [
      weights({ percentage: 50, label: "blue" }, { percentage: 50, label: "blue", revisionSuffix: "a" }),
      "'trafficWeights' (blue) has the label twice",
    ],
    [
      weights({ percentage: 50, revisionSuffix: "a" }, { percentage: 50, revisionSuffix: "a" }),
      "'trafficWeights' (a) has the revisionSuffix twice",
    ],
    [weights({ percentage: 50 }, { percentage: 50 }), "'trafficWeights' name the newest revision 2 times"],
    [weights({ percentage: 100, label: "Blue" }), "'trafficWeights[0].label' (Blue) must be a label"],
    [{ cors: { allowedOrigins: [] } }, "'cors.allowedOrigins' (empty) must have an entry"],
    [{ cors: { allowedOrigins: ["shop.example"] } }, "'cors.allowedOrigins[0]' (shop.example) must be an origin"],
    [
      { cors: { allowedOrigins: ["https://shop.example/"] } },
      "'cors.allowedOrigins[0]' (https://shop.example/) must be an origin",
    ],
    [{ cors: { allowedOrigins: ["*"], allowedMethods: ["get"] } }, "'cors.allowedMethods[0]' (get) must be a method"],
    [{ cors: { allowedOrigins: ["*"], maxAgeSeconds: -1 } }, "'cors.maxAgeSeconds' (-1) must be a whole number from 0"],
    [
      {
        allowedAddresses: [
          { name: "a", range: "10.0.0.0/8" },
          { name: "a", range: "11.0.0.0/8" },
        ],
      },
      "'allowedAddresses' (a) has the name twice",
    ],
    [{ ...byDatabaseUrl, databaseUrl: "postgres://u:hunter2@h/d" }, "'databaseUrl' (not shown"],
  ]);

  it.each([
    { database: "postgres://shop:hunter2@psql.example/shop" },
    { databaseUrl: "hunter2", database: undefined },
    { image: "https://shop:hunter2@cr.azurecr.io/shop:1.4.0" },
    { registryServer: "https://shop:hunter2@cr.azurecr.io" },
    { secrets: [{ name: "smtp", keyVaultSecretId: "hunter2" }] },
    { environmentVariables: { PASSWORD: ["hunter2"] } },
  ])("shows no password that stands in the wrong place: %j", (props) => {
    expect(app(props)).toThrow(/not shown/);
    expect(app(props)).not.toThrow(/hunter2/);
  });

  it("shows no password that stands where a host should", () => {
    const create = app({ database: { host: "postgres://shop:hunter2@psql.example:5432/shop", databaseName: "shop" } });
    expect(create).toThrow("'database.host' (not shown: it may hold a password) must be the server's host name alone");
    expect(create).toThrow("Write psql.example");
    expect(create).not.toThrow(/hunter2/);
  });

  it("may be told every number at deploy time", () => {
    for (const prop of [
      "targetPort",
      "minReplicas",
      "maxReplicas",
      "concurrentRequestsPerReplica",
      "workers",
      "startupSeconds",
      "terminationGraceSeconds",
      "maxInactiveRevisions",
      "cpu",
      "retries",
      "statementTimeoutSeconds",
    ]) {
      expect(app({ [prop]: unknownNumber })).not.toThrow();
    }
  });

  it("may be told every name at deploy time", () => {
    for (const prop of [
      "name",
      "resourceGroupName",
      "livenessPath",
      "revisionSuffix",
      "ledgerSchema",
      "revisionMode",
    ]) {
      expect(app({ [prop]: unknownText })).not.toThrow();
    }
    expect(app({ name: `CA-${unknownText}` })).not.toThrow();
    expect(
      app(weights({ percentage: unknownNumber, label: unknownText }, { percentage: 3, revisionSuffix: unknownText })),
    ).not.toThrow();
    expect(app({ ...byDatabaseUrl, databaseUrl: { ...databaseUrl, keyVaultSecretId: unknownText } })).not.toThrow();
  });
});

describe("a job", () => {
  refuses(job, [
    [{ name: "caj_shop" }, "'name' (caj_shop) must be a job's name"],
    [{ timeoutSeconds: "900" }, "'timeoutSeconds' (900) must be a whole number from 1"],
    [{ retryLimit: -1 }, "'retryLimit' (-1) must be a whole number from 0"],
    [{ args: "up" }, "'args' (up) must be a list"],
    [{ migrateCpu: 0 }, "'migrateCpu' (0) must be a number of vCPU above zero"],
    [{ lockTimeoutSeconds: 100_000 }, "'lockTimeoutSeconds' (100000) must be a whole number from 0 to 86400"],
    [{ retrylimit: 1 }, "'retrylimit' is no prop, and nobody would read it. Write 'retryLimit', or remove it"],
  ]);
});

describe("the job that makes the roles", () => {
  refuses(bootstrap, [
    [{ schema: "Bad Name; drop" }, "'schema' (Bad Name; drop) must be a PostgreSQL name"],
    [{ migratorIdentity: administrator }, "'migratorIdentity' (id-admin) is the administrator's identity"],
    [{ appIdentity: { ...appIdentity, name: "id-admin" } }, "'appIdentity' (id-admin) is the administrator's identity"],
    [
      { appIdentity: { ...appIdentity, name: migratorIdentity.name } },
      "'migratorIdentity' and 'appIdentity' are two identities of one name (id-shop-dev-migrator)",
    ],
    [{ database: { host: "psql.example:5432", databaseName: "shop" } }, "'database.host' (psql.example:5432) must be"],
  ]);
});

const profile = (props: object) => ({ dedicatedWorkloadProfiles: [{ name: "big", type: "D4", ...props }] });

describe("an environment", () => {
  refuses(environment, [
    [{ name: "cae_shop" }, "'name' (cae_shop) must be an environment's name"],
    [{ location: "west-europe" }, "'location' (west-europe) must be an Azure region"],
    [{ subnetId: "" }, "'subnetId' () must be text, and not empty"],
    [
      { infrastructureResourceGroupName: "RG-shop-dev" },
      "'infrastructureResourceGroupName' (RG-shop-dev) is 'resourceGroupName' again",
    ],
    [{ logDestination: "storage" }, "'logDestination' (storage) must be azure-monitor or log-analytics"],
    [profile({ type: "D5" }), "'dedicatedWorkloadProfiles[0].type' (D5) must be Consumption, D4, D8,"],
    [profile({ type: "d4" }), "'dedicatedWorkloadProfiles[0].type' (d4) must be Consumption, D4,"],
    [profile({ minimumNodes: -1 }), "'dedicatedWorkloadProfiles[0].minimumNodes' (-1) must be a whole number from 0"],
    [
      profile({ minimumNodes: 5, maximumNodes: 2 }),
      "'dedicatedWorkloadProfiles' gives 'big' at least 5 nodes and at most 2",
    ],
    [
      profile({ minimumNodes: 2 }),
      "'dedicatedWorkloadProfiles' gives 'big' at least 2 nodes and at most 1 (the default of",
    ],
    [
      profile({ type: "Consumption-GPU-NC8as-T4", maximumNodes: 2 }),
      "'dedicatedWorkloadProfiles' gives 'big' of type Consumption-GPU-NC8as-T4 nodes (none to 2): it has none",
    ],
    [
      {
        dedicatedWorkloadProfiles: [
          { name: "big", type: "D4" },
          { name: "big", type: "D8" },
        ],
      },
      "'dedicatedWorkloadProfiles' (big) has the name twice",
    ],
    [{ zoneRedundant: "yes" }, "'zoneRedundant' (yes) must be true or false"],
  ]);
});

describe("an environment that somebody else owns", () => {
  refuses(importedEnvironment, [
    [
      { kind: "express" },
      "'kind' (express) is Container Apps Express, which has no init containers, no jobs, no revisions and no Key Vault " +
        "references: no gate can be built on it",
    ],
    [{ kind: "Express" }, "'kind' (Express) is Container Apps Express"],
    [{ kind: "dedicated" }, "'kind' (dedicated) must be workload-profiles or consumption-only"],
    [{ kind: undefined }, "'kind' (missing) must be workload-profiles or consumption-only"],
    [{ workloadProfiles: [{ name: "big" }] }, "'workloadProfiles[0].type' (missing) must be text"],
  ]);

  it("may have profiles of a type that is newer than this list", () => {
    expect(importedEnvironment({ workloadProfiles: [{ name: "new", type: "D64" }] })).not.toThrow();
  });
});

describe("a network", () => {
  refuses(network, [
    [
      { postgresSubnetRange: "10.20.1.0/28" },
      "'containerAppsSubnetRange' (10.20.0.0/23) and 'postgresSubnetRange' (10.20.1.0/28) overlap",
    ],
    [
      { postgresSubnetRange: "10.20.2.0/29" },
      "'postgresSubnetRange' (10.20.2.0/29) must be an IPv4 range of /28 or larger",
    ],
    [
      { containerAppsSubnetRange: "10.20.0.0/28" },
      "'containerAppsSubnetRange' (10.20.0.0/28) must be an IPv4 range of /27 or larger",
    ],
    [{ containerAppsSubnetRange: "10.20.0.1/23" }, "'containerAppsSubnetRange' (10.20.0.1/23) must be an IPv4 range"],
    [
      { postgresSubnetRange: "10.21.2.0/28" },
      "'postgresSubnetRange' (10.21.2.0/28) lies outside of 'addressSpace' (10.20.0.0/16)",
    ],
    [{ addressSpace: "10.20.0.0" }, "'addressSpace' (10.20.0.0) must be an IPv4 range"],
    [
      { postgresSubnetName: "snet-container-apps" },
      "'containerAppsSubnetName' and 'postgresSubnetName' are both snet-container-apps",
    ],
  ]);

  it("may be told its ranges at deploy time", () => {
    expect(network({ addressSpace: unknownText })).not.toThrow();
    expect(network({ postgresSubnetRange: unknownText })).not.toThrow();
  });
});

describe("a network that somebody else owns", () => {
  refuses(importedNetwork, [
    [{ postgresSubnetId: "apps-id" }, "'containerAppsSubnetId' and 'postgresSubnetId' are both apps-id"],
    [{ virtualNetworkId: undefined }, "'virtualNetworkId' (missing) must be text"],
  ]);
});

describe("a registry", () => {
  refuses(registry, [
    [{ name: "cr-shop" }, "'name' (cr-shop) must be a registry's name: 5 to 50 letters and digits"],
    [{ sku: "premium" }, "'sku' (premium) must be Basic, Standard or Premium: the letters' case counts. Write Premium"],
    [{ sku: "Classic" }, "'sku' (Classic) must be Basic, Standard or Premium"],
    [{ zoneRedundant: true }, "'zoneRedundant' (true) needs 'sku' Premium, and it is Basic"],
  ]);
});

describe("a registry that somebody else owns", () => {
  refuses(importedRegistry, [
    [
      { loginServer: "https://crshop.azurecr.io" },
      "'loginServer' (https://crshop.azurecr.io) must be the registry's host name",
    ],
    [{ loginServer: "crshop" }, "'loginServer' (crshop) must be the registry's host name"],
  ]);
});

describe("a workspace", () => {
  refuses(workspace, [
    [{ retentionDays: 7 }, "'retentionDays' (7) must be a whole number from 30 to 730"],
    [{ retentionDays: 731 }, "'retentionDays' (731) must be a whole number from 30 to 730"],
    [{ name: "log_shop" }, "'name' (log_shop) must be a workspace's name"],
  ]);
});

describe("an identity", () => {
  refuses(identity, [
    [{ name: "id" }, "'name' (id) must be an identity's name: 3 to 128"],
    [{ pullsFromRegistryID: "registry-id", name: "-id" }, "'name' (-id) must be an identity's name"],
    [
      { pullsFromRegistryID: "registry-id" },
      "'pullsFromRegistryID' is no prop, and nobody would read it. Write 'pullsFromRegistryId'",
    ],
  ]);
});

const operator = { name: "dba", objectId: "group-id", type: "Group" };

describe("a server", () => {
  refuses(server, [
    [{ serverName: "PSQL_shop" }, "'serverName' (PSQL_shop) must be a server's name"],
    [{ databaseName: "postgres" }, "'databaseName' (postgres) is one of the server's own"],
    [{ databaseName: "my shop" }, "'databaseName' (my shop) must be a database's name"],
    [{ version: 17 }, "'version' (17) must be 14, 15, 16, 17 or 18: the letters' case counts. Write 17"],
    [{ version: "13" }, "'version' (13) must be 14, 15, 16, 17 or 18"],
    [{ skuName: "Standard_D2ds_v5" }, "'skuName' (Standard_D2ds_v5) must be a size with its tier"],
    [{ storageMb: 33_000 }, "'storageMb' (33000) must be a size that the service sells"],
    [{ zone: "4" }, "'zone' (4) must be 1, 2 or 3"],
    [{ standbyZone: 2 }, "'standbyZone' (2) must be 1, 2 or 3"],
    [{ backupRetentionDays: 7.5 }, "'backupRetentionDays' (7.5) must be 7 to 35"],
    [
      { operators: [{ ...operator, type: "ServicePrincipal" }] },
      "'operators[0].type' (ServicePrincipal) must be Group or User",
    ],
    [{ operators: [operator, operator] }, "'operators' names dba (group-id) twice, or the administrator again"],
    [
      { operators: [{ ...operator, objectId: "principal-id" }] },
      "'operators' names dba (principal-id) twice, or the administrator",
    ],
    [{ extensions: ["pg_trgm", "PG_TRGM"] }, "'extensions' names pg_trgm twice"],
    [{ extensions: "pg_trgm" }, "'extensions' (pg_trgm) must be a list"],
    [{ configuration: { work_mem: 8192 } }, "'configuration.work_mem' (8192) must be text"],
    [
      { subnetId: undefined, virtualNetworkName: "vnet", subnetRange: "10.20.2.0/29" },
      "'subnetRange' (10.20.2.0/29) must be an IPv4 range of /28 or larger",
    ],
    [
      { maintenanceWindow: { dayOfWeek: 1, startHour: 3, startMinutes: 5 } },
      "'maintenanceWindow.startMinutes' is no prop",
    ],
  ]);

  it("may be told its extensions at deploy time", () => {
    const { resource } = synthesizeStack((scope) => {
      const list = new TerraformVariable(scope, "extensions", { type: "list(string)" });
      new PrivatePostgres(scope, "all", { ...leastServerProps, extensions: list.listValue });
      new PrivatePostgres(scope, "one", { ...leastServerProps, extensions: ["pg_trgm", unknownText] });
    });
    const parameters: Json[] = Object.values(resource.azurerm_postgresql_flexible_server_configuration);
    const values = parameters.filter(({ name }) => name === "azure.extensions").map(({ value }) => value);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: expressions of Terraform's
    expect(values).toEqual(['${upper(join(",", var.extensions))}', "${upper(known later)},PG_TRGM"]);
  });

  it("fails when an operator is known only at deploy time: addresses are made of object ids", () => {
    expect(server({ operators: [{ ...operator, objectId: unknownText }] })).toThrow(
      "test/it: 'operators[0].objectId' is known only at deploy time, and is a part of the operator's address",
    );
  });

  it("may be told at deploy time", () => {
    const maintenanceWindow = { dayOfWeek: unknownNumber, startHour: 3 };
    expect(
      server({ version: unknownText, storageMb: unknownNumber, zone: unknownText, maintenanceWindow }),
    ).not.toThrow();
    expect(
      server({ configuration: { require_secure_transport: unknownText }, extensions: [unknownText] }),
    ).not.toThrow();
  });
});

describe("a server that somebody else owns", () => {
  refuses(importedServer, [
    [
      { host: "psql.example:6432" },
      "'host' (psql.example:6432) must be the server's host name alone: the port is 5432",
    ],
    [{ host: "psql.example/shop" }, "'host' (psql.example/shop) must be the server's host name alone"],
    [{ host: undefined }, "'host' (missing) must be the server's host name alone"],
    [{ databaseName: "" }, "'databaseName' () must be text, and not empty"],
  ]);
});

describe("an alert", () => {
  refuses(alert, [
    [{ severity: 5 }, "'severity' (5) must be a whole number from 0, critical, to 4, verbose"],
    [{ name: "shop/dev" }, "'name' (shop/dev) must be the first part of names"],
    [{ emails: "platform@shop.example" }, "'emails' (platform@shop.example) must be a list"],
    [{ emails: ["a@shop.example", "a@shop.example"] }, "'emails' names a@shop.example twice"],
    [{ logDestination: "loganalytics" }, "'logDestination' (loganalytics) must be azure-monitor or log-analytics"],
  ]);
});

describe("a secret", () => {
  refuses(secret, [
    [
      { secretName: undefined, secretname: "url" },
      "'secretname' is no prop, and nobody would read it. Write 'secretName'",
    ],
    [{ vaultUri: undefined }, "'vaultUri' (not shown: it may be the value) must be a vault's address"],
    [{ version: "v 1" }, "'version' (not shown: it may be the value) must be the version of a secret"],
  ]);
});
