import type { EnvironmentSettings } from "../environment-settings";

/** Production's shape at a smaller size, without the standby. */
const settings: EnvironmentSettings = {
  project: "schemagate",
  environment: "staging",
  production: false,
  location: "westeurope",
  network: {
    addressSpace: "10.21.0.0/16",
    containerAppsSubnet: "10.21.0.0/23",
    postgresSubnet: "10.21.2.0/28",
  },
  identities: "separate",
  alertEmails: [],
  logRetentionDays: 30,
  registrySku: "Standard",
  postgres: {
    version: "17",
    skuName: "GP_Standard_D2ds_v5",
    storageMb: 65536,
    backupRetentionDays: 14,
    geoRedundantBackup: false,
    zone: "1",
    databaseName: "schemagate",
    maintenance: { day: "Sunday", hour: 3 },
  },
  image: { repository: "schemagate" },
  app: {
    command: ["node", "dist/app.js"],
    cpu: 0.5,
    workers: 2,
    minReplicas: 1,
    maxReplicas: 4,
    concurrentRequestsPerReplica: 50,
    publicIngress: true,
  },
  migrator: { cpu: 0.25 },
  state: {
    backend: "azurerm",
    resourceGroupName: "rg-schemagate-state",
    storageAccountName: "stschemagatestate",
    containerName: "tfstate",
  },
};

export default settings;
