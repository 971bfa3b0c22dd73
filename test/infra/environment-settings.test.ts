import { resolveSettings } from "../../infra/environment-settings";
import { loadSettings } from "../../infra/environments";
import { ConfigurationError } from "../../infra/errors";
import dev from "../../infra/settings/dev";
import prod from "../../infra/settings/prod";
import type { Json } from "./support/synthesized";

/** The problems of `base` with some settings replaced, given by their path. */
function problemsOf(changes: Record<string, unknown>, base: object = dev): readonly string[] {
  const settings: Json = structuredClone(base);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    const target = keys.reduce<Json>((object, key) => object[key], settings);
    if (value === undefined) delete target[last];
    else target[last] = value;
  }
  try {
    resolveSettings(settings, "infra/settings/dev.ts");
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

it("derives protection, deletion locks and high availability from 'production'", () => {
  expect(loadSettings("prod")).toMatchObject({
    preventDestroy: true,
    deletionLocks: true,
    postgres: { highAvailability: true },
  });
  for (const name of ["dev", "staging"]) {
    expect(loadSettings(name)).toMatchObject({
      preventDestroy: false,
      deletionLocks: false,
      postgres: { highAvailability: false },
    });
  }
});

it("waits for gate and jobs as long as usual unless told otherwise", () => {
  expect(resolveSettings(dev, "dev.ts")).toMatchObject({
    gate: { timeoutSeconds: 900 },
    job: { timeoutSeconds: 14_400 },
  });
  const settings = { ...dev, gate: { timeoutSeconds: 30 }, job: { timeoutSeconds: 604_800 } };
  expect(resolveSettings(settings, "dev.ts")).toMatchObject({
    gate: { timeoutSeconds: 30 },
    job: { timeoutSeconds: 604_800 },
  });
});

it("takes what few environments need", () => {
  const few = {
    nameSuffix: "x7",
    subscriptionId: "01234567-89ab-cdef-0123-456789abcdef",
    tags: { owner: "platform" },
    identities: "separate",
    restrictIdentities: true,
    alertEmails: ["platform@shop.example"],
    "image.tag": "1.4.0",
    "postgres.extensions": ["pg_trgm"],
    "postgres.parameters": { work_mem: "8192" },
    "postgres.maintenance": { day: "Sunday", hour: 3 },
    "postgres.operators": [{ name: "dba", objectId: "01234567-89ab-cdef-0123-456789abcdef", type: "Group" }],
    "migrator.lockWaitSeconds": 900,
    "migrator.connectTimeoutSeconds": 60,
  };
  expect(problemsOf(few)).toEqual([]);
});

it("lets an environment decide about high availability itself", () => {
  const settings = { ...prod, postgres: { ...prod.postgres, highAvailability: false } };
  expect(resolveSettings(settings, "prod.ts").postgres.highAvailability).toBe(false);
});

it("reports all problems at once: values, contradictions and unknown settings", () => {
  const broken = {
    location: "West Europe",
    "network.postgresSubnet": "10.99.0.0/28",
    "postgres.backupRetentionDays": 90,
    "app.minReplicas": 5,
    "app.replicas": 3,
    logRetentionDays: undefined,
  };
  expect(problemsOf(broken)).toEqual([
    `location ("West Europe"): must be an Azure region's short name. Use for instance 'westeurope'`,
    "logRetentionDays (missing): must be a whole number of days from 30 to 730. Choose one in that range",
    "postgres.backupRetentionDays (90): must be a whole number of days from 7 to 35. Choose one in that range",
    "app.replicas: there is no such setting. Remove it or correct its name",
    "network.postgresSubnet (10.99.0.0/28): lies outside network.addressSpace (10.20.0.0/16). Choose a range inside it or " +
      "enlarge the address space",
    "app.minReplicas (5): is more than app.maxReplicas (2). Lower the first or raise the second",
  ]);
});

it("says in its message where the problems are and how many", () => {
  expect(() => resolveSettings({ ...dev, location: "", project: "X" }, "infra/settings/dev.ts")).toThrow(
    "infra/settings/dev.ts has 2 problem(s):\n" +
      '  - project ("X"): names are built from it. Use 2 to 16 lower case letters, digits and single hyphens, a letter first\n' +
      `  - location (""): must be an Azure region's short name. Use for instance 'westeurope'`,
  );
});

it("fails when the file exports nothing", () => {
  expect(() => resolveSettings(undefined, "infra/settings/dev.ts")).toThrow("settings (missing)");
});

describe("fails when", () => {
  it.each([
    ["project", "Shop", 'project ("Shop"): names are built from it.'],
    ["environment", "dev-1", 'environment ("dev-1"): names are built from it.'],
    ["nameSuffix", "A!", 'nameSuffix ("A!"): names are built from it.'],
    ["production", "no", 'production ("no"): must be true or false. Say whether losing this environment hurts'],
    [
      "subscriptionId",
      "mine",
      "subscriptionId (\"mine\"): must be a subscription's id. Copy it from 'az account list'",
    ],
    [
      "network.addressSpace",
      "10.20.0.0",
      'network.addressSpace ("10.20.0.0"): must be an IPv4 range of /26 or larger.',
    ],
    [
      "network.containerAppsSubnet",
      "10.20.0.0/28",
      'network.containerAppsSubnet ("10.20.0.0/28"): an environment with workload profiles needs an IPv4 range of /27 or larger.',
    ],
    [
      "network.postgresSubnet",
      "10.20.2.0/29",
      'network.postgresSubnet ("10.20.2.0/29"): a PostgreSQL flexible server needs an IPv4 range of /28 or larger.',
    ],
    [
      "network.postgresSubnet",
      "10.20.1.0/28",
      "network.postgresSubnet (10.20.1.0/28): overlaps network.containerAppsSubnet (10.20.0.0/23), and each delegated subnet " +
        "belongs to one service. Choose ranges that are apart",
    ],
    [
      "network.containerAppsSubnet",
      "10.99.0.0/23",
      "network.containerAppsSubnet (10.99.0.0/23): lies outside network.addressSpace (10.20.0.0/16). Choose a range inside it " +
        "or enlarge the address space",
    ],
    ["logRetentionDays", 29, "logRetentionDays (29): must be a whole number of days from 30 to 730."],
    ["tags", { costs: 7 }, "tags.costs (7): must be text. Put it in quotes"],
    [
      "identities",
      "both",
      'identities ("both"): must be shared or separate. Use separate where the app may not change tables',
    ],
    ["restrictIdentities", "yes", 'restrictIdentities ("yes"): must be true or false. Leave it out for false'],
    [
      "restrictIdentities",
      true,
      "restrictIdentities (true): app and migrator share one identity (identities shared), and both need its tokens. Set " +
        "identities to separate or restrictIdentities to false",
    ],
    ["alertEmails", undefined, "alertEmails (missing): must be a list of mail addresses. Use [] for nobody"],
    [
      "alertEmails",
      ["platform"],
      "alertEmails.0 (\"platform\"): must be a mail address. Use for instance 'platform@shop.example'",
    ],
    ["gate", { timeoutSeconds: 29 }, "gate.timeoutSeconds (29): must be a whole number of seconds from 30 to 7200."],
    [
      "gate",
      { timeoutSeconds: 7201 },
      "gate.timeoutSeconds (7201): must be a whole number of seconds from 30 to 7200.",
    ],
    ["job", { timeoutSeconds: 59 }, "job.timeoutSeconds (59): must be a whole number of seconds from 60."],
    ["registrySku", "Free", 'registrySku ("Free"): must be a registry\'s size. Use Basic, Standard or Premium'],
    ["postgres.version", "9.6", 'postgres.version ("9.6"): must be a major version the service offers.'],
    ["postgres.skuName", "D2ds", 'postgres.skuName ("D2ds"): must be a size with its tier.'],
    ["postgres.storageMb", 1000, "postgres.storageMb (1000): the service sells only certain disk sizes."],
    ["postgres.zone", "4", "postgres.zone (\"4\"): an availability zone is '1', '2' or '3'. Name one"],
    [
      "postgres.databaseName",
      "My DB",
      'postgres.databaseName ("My DB"): must be a PostgreSQL name that needs no quotes.',
    ],
    [
      "postgres.backupRetentionDays",
      6,
      "postgres.backupRetentionDays (6): must be a whole number of days from 7 to 35. Choose one in that range",
    ],
    [
      "postgres.geoRedundantBackup",
      "no",
      'postgres.geoRedundantBackup ("no"): must be true or false. Say whether backups go to the paired region too',
    ],
    [
      "postgres.highAvailability",
      "no",
      "postgres.highAvailability (\"no\"): must be true or false. Leave it out to follow 'production'",
    ],
    ["postgres.standbyZone", "4", "postgres.standbyZone (\"4\"): an availability zone is '1', '2' or '3'. Name one"],
    [
      "postgres.parameters",
      { work_mem: 8192 },
      "postgres.parameters.work_mem (8192): must be text, as the service takes it. Put it in quotes",
    ],
    [
      "postgres.maintenance",
      { day: "Sun", hour: 3 },
      'postgres.maintenance.day ("Sun"): must be a day of the week. Use Sunday to Saturday',
    ],
    [
      "postgres.maintenance",
      { day: "Sunday", hour: 24 },
      "postgres.maintenance.hour (24): must be a whole hour from 0 to 23. Choose one in that range",
    ],
    [
      "postgres.operators",
      [{ name: "dba", objectId: "dba", type: "Group" }],
      'postgres.operators.0.objectId ("dba"): must be the object id in Entra. Copy it from the group or user',
    ],
    [
      "postgres.operators",
      [{ name: "dba", objectId: "01234567-89ab-cdef-0123-456789abcdef", type: "Team" }],
      'postgres.operators.0.type ("Team"): must be Group or User. Say which of them it is',
    ],
    [
      "postgres.operators",
      [{ objectId: "01234567-89ab-cdef-0123-456789abcdef", type: "User" }],
      "postgres.operators.0.name (missing): must be the name in Entra. Copy it from the group or user",
    ],
    ["image.tag", "feature+one", 'image.tag ("feature+one"): must be an image tag.'],
    [
      "image.repository",
      "acr.io/shop:1",
      'image.repository ("acr.io/shop:1"): must be a repository without registry and tag.',
    ],
    ["app.cpu", 0.3, "app.cpu (0.3): the Consumption profile offers 0.25 to 4 vCPU in steps of 0.25."],
    ["app.cpu", 4.25, "app.cpu (4.25): the Consumption profile offers 0.25 to 4 vCPU in steps of 0.25."],
    ["app.minReplicas", -1, "app.minReplicas (-1): must be a whole number from 0 to 1000. Use 0 to scale to zero"],
    ["app.maxReplicas", 1001, "app.maxReplicas (1001): must be a whole number from 1 to 1000."],
    [
      "app.concurrentRequestsPerReplica",
      0,
      "app.concurrentRequestsPerReplica (0): must be a whole number from 1. Use for instance 50",
    ],
    [
      "app.publicIngress",
      1,
      "app.publicIngress (1): must be true or false. Say whether the app is reachable from outside",
    ],
    [
      "app.command",
      [],
      "app.command ([]): would run what the image starts by itself. Name the command or leave it out",
    ],
    ["app.command", "node app.js", 'app.command ("node app.js"): must be a list of words. Write for instance'],
    ["app.port", 0, "app.port (0): must be a port. Use for instance 8080"],
    ["app.readinessPath", "ready", 'app.readinessPath ("ready"): must be a path. Use for instance'],
    ["migrator.command", [""], 'migrator.command.0 (""): must be a word of a command. Write for instance'],
    ["app.workers", 0, "app.workers (0): must be a whole number of worker processes from 1 to 32."],
    ["migrator.cpu", 0, "migrator.cpu (0): unset resources get defaults that break later updates."],
    [
      "migrator.cpu",
      1,
      "migrator.cpu (1): an init container may not ask for more than the app's containers together (app.cpu 0.5). Lower the " +
        "first or raise the second",
    ],
    ["migrator.lockWaitSeconds", 1.5, "migrator.lockWaitSeconds (1.5): must be a whole number of seconds from 1."],
    [
      "migrator.connectTimeoutSeconds",
      0,
      "migrator.connectTimeoutSeconds (0): must be a whole number of seconds from 1.",
    ],
    ["state", { backend: "s3" }, 'state.backend ("s3"): must name where the state lives.'],
    ["state", undefined, "state (missing): must name where the state lives."],
    [
      "state",
      { backend: "azurerm", resourceGroupName: "rg", storageAccountName: "St-Account", containerName: "tfstate" },
      'state.storageAccountName ("St-Account"): must be a storage account\'s name.',
    ],
  ])("%s is %j", (path, value, problem) => {
    const problems = problemsOf({ [path]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it("high availability meets a burstable server", () => {
    expect(problemsOf({ "postgres.highAvailability": true, "postgres.standbyZone": "2" })).toEqual([
      "postgres.skuName (B_Standard_B1ms): burstable servers cannot have the standby that high availability asks for. Choose a " +
        "GP_ or MO_ size, or set postgres.highAvailability to false",
    ]);
  });

  it.each([undefined, "1"])("the standby's zone is %s and the primary's is 1", (standbyZone) => {
    expect(problemsOf({ "postgres.standbyZone": standbyZone }, prod)).toEqual([
      `postgres.standbyZone (${standbyZone ?? "missing"}): the standby must live in another zone than postgres.zone (1). Name ` +
        "a different zone",
    ]);
  });

  it("production keeps its state in a local file", () => {
    expect(problemsOf({ state: { backend: "local" } }, prod)).toEqual([
      "state.backend (local): a file on one machine is neither shared nor locked, and production is true. Use the azurerm backend",
    ]);
  });

  it("an environment is named like production and is not protected", () => {
    expect(problemsOf({ production: false }, prod)).toEqual([
      "production (false): an environment named prod would go without protection. Set production to true or rename the " +
        "environment",
    ]);
  });

  it("production tells nobody that the gate holds", () => {
    expect(problemsOf({ alertEmails: [] }, prod)).toEqual([
      "alertEmails (none): nobody would hear that production's gate holds. Name at least one address",
    ]);
  });

  it("project and environment make a name that Container Apps does not take", () => {
    expect(problemsOf({ project: "a-b-c-d-e-f-g-h-i-j" })).toEqual([
      "project (a-b-c-d-e-f-g-h-i-j): with environment dev it makes caj-a-b-c-d-e-f-g-h-i-j-bootstrap, 33 characters, and " +
        "Container Apps takes 32. Shorten one of them",
    ]);
  });
});
