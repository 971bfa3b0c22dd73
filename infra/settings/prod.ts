import type { EnvironmentSettings } from "../environment-settings";

/** Spread over zones, never below two replicas, protected from being destroyed. */
const settings: EnvironmentSettings = {
  project: "schemagate",
  environment: "prod",
  production: true,
  location: "westeurope",
  network: {
    addressSpace: "10.22.0.0/16",
    containerAppsSubnet: "10.22.0.0/23",
    postgresSubnet: "10.22.2.0/28",
  },
  identities: "separate",
  alertEmails: ["platform@shop.example"],
  logRetentionDays: 90,
  registrySku: "Premium",
  postgres: {
    version: "17",
    skuName: "GP_Standard_D2ds_v5",
    storageMb: 131072,
    backupRetentionDays: 35,
    geoRedundantBackup: true,
    zone: "1",
    standbyZone: "2",
    databaseName: "schemagate",
    maintenance: { day: "Sunday", hour: 3 },
  },
  image: { repository: "schemagate" },
  app: {
    command: ["node", "dist/app.js"],
    cpu: 1,
    workers: 2,
    minReplicas: 2,
    maxReplicas: 10,
    concurrentRequestsPerReplica: 50,
    publicIngress: true,
  },
  migrator: { cpu: 0.5 },
  state: {
    backend: "azurerm",
    resourceGroupName: "rg-schemagate-state",
    storageAccountName: "stschemagatestate",
    containerName: "tfstate",
  },
};

export default settings;
