import type { EnvironmentSettings } from "../environment-settings";

/** Cheap: burstable database, scales to zero, state in a local file. */
const settings: EnvironmentSettings = {
  project: "schemagate",
  environment: "dev",
  production: false,
  location: "westeurope",
  network: {
    addressSpace: "10.20.0.0/16",
    containerAppsSubnet: "10.20.0.0/23",
    postgresSubnet: "10.20.2.0/28",
  },
  identities: "shared",
  alertEmails: [],
  logRetentionDays: 30,
  registrySku: "Basic",
  postgres: {
    version: "17",
    skuName: "B_Standard_B1ms",
    storageMb: 32768,
    backupRetentionDays: 7,
    geoRedundantBackup: false,
    zone: "1",
    databaseName: "schemagate",
  },
  image: { repository: "schemagate" },
  app: {
    command: ["node", "dist/app.js"],
    cpu: 0.5,
    workers: 2,
    minReplicas: 0,
    maxReplicas: 2,
    concurrentRequestsPerReplica: 50,
    publicIngress: true,
  },
  migrator: { cpu: 0.25 },
  state: { backend: "local" },
};

export default settings;
