import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hasAdvice } from "../../deploy/terraform/advice";
import { type EnvironmentSettings, resolveSettings } from "../../infra/environment-settings";
import { forceNewArguments } from "../infra/support/force-new";
import { projectDirectory } from "../infra/support/run-script";
import { type Json, type SynthesizedApp, synthesize } from "../infra/support/synthesized";

// What a team can change in its settings, one by one, against what the provider can only give to a new resource.

const operator = { name: "dba", objectId: "01234567-89ab-cdef-0123-456789abcdef", type: "Group" as const };

/** Every setting has a value. */
const base: EnvironmentSettings = {
  project: "shop",
  environment: "live",
  nameSuffix: "x7",
  production: true,
  location: "westeurope",
  subscriptionId: "01234567-89ab-cdef-0123-456789abcdef",
  tags: { owner: "platform" },
  identities: "separate",
  restrictIdentities: false,
  alertEmails: ["platform@shop.example"],
  network: { addressSpace: "10.22.0.0/16", containerAppsSubnet: "10.22.0.0/23", postgresSubnet: "10.22.2.0/28" },
  logRetentionDays: 90,
  registrySku: "Premium",
  postgres: {
    version: "17",
    skuName: "GP_Standard_D2ds_v5",
    storageMb: 131072,
    backupRetentionDays: 35,
    geoRedundantBackup: true,
    zone: "1",
    highAvailability: true,
    standbyZone: "2",
    databaseName: "shop",
    extensions: ["pg_trgm"],
    parameters: { log_min_duration_statement: "500" },
    maintenance: { day: "Sunday", hour: 3 },
    operators: [operator],
  },
  image: { repository: "shop", tag: "1.0.0" },
  app: {
    command: ["node", "dist/app.js"],
    port: 8080,
    livenessPath: "/live",
    readinessPath: "/ready",
    cpu: 1,
    workers: 2,
    minReplicas: 2,
    maxReplicas: 10,
    concurrentRequestsPerReplica: 50,
    publicIngress: true,
  },
  migrator: { command: ["node", "dist/cli.js"], cpu: 0.5, lockWaitSeconds: 600, connectTimeoutSeconds: 120 },
  gate: { timeoutSeconds: 900 },
  job: { timeoutSeconds: 14_400 },
  state: {
    backend: "azurerm",
    resourceGroupName: "rg-state",
    storageAccountName: "ststate",
    containerName: "tfstate",
  },
};

/** Another value for each of them. */
const others: Readonly<Record<string, unknown>> = {
  project: "store",
  environment: "other",
  nameSuffix: "x8",
  production: false,
  location: "northeurope",
  subscriptionId: "11234567-89ab-cdef-0123-456789abcdef",
  tags: { owner: "others" },
  identities: "shared",
  restrictIdentities: true,
  alertEmails: ["others@shop.example"],
  "network.addressSpace": "10.22.0.0/15",
  "network.containerAppsSubnet": "10.22.4.0/23",
  "network.postgresSubnet": "10.22.3.0/28",
  logRetentionDays: 60,
  registrySku: "Standard",
  "postgres.version": "16",
  "postgres.skuName": "GP_Standard_D4ds_v5",
  "postgres.storageMb": 65536,
  "postgres.backupRetentionDays": 7,
  "postgres.geoRedundantBackup": false,
  "postgres.zone": "3",
  "postgres.highAvailability": false,
  "postgres.standbyZone": "3",
  "postgres.databaseName": "store",
  "postgres.extensions": ["citext"],
  "postgres.parameters": { log_min_duration_statement: "100" },
  "postgres.maintenance": { day: "Monday", hour: 4 },
  "postgres.operators": [{ ...operator, name: "others" }],
  "image.repository": "store",
  "image.tag": "2.0.0",
  "app.command": ["node", "other.js"],
  "app.port": 9000,
  "app.livenessPath": "/other",
  "app.readinessPath": "/other",
  "app.cpu": 2,
  "app.workers": 4,
  "app.minReplicas": 3,
  "app.maxReplicas": 11,
  "app.concurrentRequestsPerReplica": 60,
  "app.publicIngress": false,
  "migrator.command": ["node", "other.js"],
  "migrator.cpu": 0.25,
  "migrator.lockWaitSeconds": 60,
  "migrator.connectTimeoutSeconds": 60,
  "gate.timeoutSeconds": 60,
  "job.timeoutSeconds": 60,
  state: { backend: "azurerm", resourceGroupName: "rg-2", storageAccountName: "st2", containerName: "tf2" },
};

const settingsWith = (path: string, value: unknown): Json => {
  const settings: Json = structuredClone(base);
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const target = keys.reduce<Json>((object, key) => object[key], settings);
  target[last] = value;
  return settings;
};

const synthesizeSettings = (input: unknown): SynthesizedApp =>
  synthesize("prod", { settings: resolveSettings(input, "a test") });

/** Arguments that only a new resource can have otherwise, and resources that go: of what holds data or carries what does. */
function losses(before: SynthesizedApp, after: SynthesizedApp): string[] {
  return Object.keys(before).flatMap((stack) => {
    const [was, is] = [before, after].map((app) => app[stack as keyof SynthesizedApp].json.resource as Json);
    return Object.entries(forceNewArguments).flatMap(([type, names]) =>
      Object.entries((was?.[type] ?? {}) as Json).flatMap(([id, resource]) => {
        const other = is?.[type]?.[id];
        if (other === undefined) return [`${type} goes`];
        const ignored: string[] = resource.lifecycle?.ignore_changes ?? [];
        return names
          .filter((name) => !ignored.includes(name) && JSON.stringify(resource[name]) !== JSON.stringify(other[name]))
          .map((name) => `${type}.${name}`);
      }),
    );
  });
}

const before = synthesizeSettings(base);
const found = Object.fromEntries(
  Object.entries(others).map(([path, value]) => [path, losses(before, synthesizeSettings(settingsWith(path, value)))]),
);
const replacing = Object.keys(found).filter((path) => found[path]?.length);

it("every setting is changed once", () => {
  const leaves = (value: unknown, path: string[]): string[] => {
    const name = path.join(".");
    const isGroup = typeof value === "object" && !Array.isArray(value) && !(name in others);
    return isGroup ? Object.entries(value as Json).flatMap(([key, inner]) => leaves(inner, [...path, key])) : [name];
  };
  expect(leaves(base, []).sort()).toEqual(Object.keys(others).sort());
});

it.each(replacing)("%s: whoever changes it is told what to do instead", (path) => {
  const missing = (found[path] ?? []).filter((loss) => {
    const [type = "", name] = loss.split(".");
    return name === undefined ? type !== "azurerm_user_assigned_identity goes" : !hasAdvice(type, name);
  });
  expect(missing).toEqual([]);
});

it("docs/settings.md says of each of them that it can never change, and of no other", () => {
  const page = readFileSync(join(projectDirectory, "docs/settings.md"), "utf8");
  const section = page.slice(page.indexOf("### What stays as it was created"));
  const named = [...section.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([\w.]+)`/g)].map(([, setting]) => setting),
  );
  expect(named.sort()).toEqual([...replacing].sort());
});
