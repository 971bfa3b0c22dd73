import { Token } from "cdktf";
import type { IContainerEnvironment, WorkloadProfile } from "../../../infra/constructs/container-environment";
import type { IDatabaseUrlSecret } from "../../../infra/constructs/database-url-secret";
import { MigratedContainerApp } from "../../../infra/constructs/migrated-container-app";
import type { MigratedContainerAppProps } from "../../../infra/constructs/migrated-container-app-props";
import type { NetworkProps } from "../../../infra/constructs/network";
import type { PrivatePostgresProps } from "../../../infra/constructs/private-postgres-props";
import type { IWorkloadIdentity } from "../../../infra/constructs/workload-identity";
import { constructing, type Json, onlyResource, synthesizeStack } from "./synthesized";

export const consumption: WorkloadProfile = { name: "Consumption", type: "Consumption" };
export const dedicated: WorkloadProfile = { name: "big", type: "D4" };

/** An environment with these profiles; without any it is a consumption-only one. */
export function environmentWith(...workloadProfiles: readonly WorkloadProfile[]): IContainerEnvironment {
  return { id: "environment-id", location: "westeurope", workloadProfiles };
}

export const appIdentity: IWorkloadIdentity = {
  id: "identity-id",
  clientId: "identity-client-id",
  principalId: "identity-principal-id",
  name: "id-shop-dev-app",
};

export const migratorIdentity: IWorkloadIdentity = {
  id: "migrator-id",
  clientId: "migrator-client-id",
  principalId: "migrator-principal-id",
  name: "id-shop-dev-migrator",
};

/** The fewest props a MigratedContainerApp takes. */
export const leastProps: MigratedContainerAppProps = {
  name: "ca-shop-dev",
  resourceGroupName: "rg-shop-dev",
  environment: environmentWith(consumption),
  image: "shop.example/shop:1.4.0",
  identity: appIdentity,
  database: { host: "psql.example", databaseName: "shop" },
};

/** The fewest props a MigrationJob takes. */
export const leastJobProps = {
  name: "caj-shop-migrate",
  resourceGroupName: "rg-shop-dev",
  environment: environmentWith(consumption),
  image: "shop.example/shop:1.4.0",
  identity: migratorIdentity,
  database: { host: "psql.example", databaseName: "shop" },
};

/** The fewest props a PrivatePostgres takes. */
export const leastServerProps: PrivatePostgresProps = {
  serverName: "psql-shop-dev",
  databaseName: "shop",
  resourceGroupName: "rg-shop-dev",
  location: "westeurope",
  subnetId: "subnet-id",
  virtualNetworkId: "network-id",
  privateDnsZoneName: "shop.private.postgres.database.azure.com",
  administrator: { principalId: "principal-id", name: "id-shop-dev-db-admin", tenantId: "tenant-id" },
  version: "17",
  skuName: "GP_Standard_D2ds_v5",
  storageMb: 32768,
  zone: "1",
};

/** As little as a network takes. */
export const leastNetworkProps: NetworkProps = {
  resourceGroupName: "rg-shop-dev",
  location: "westeurope",
  name: "vnet-shop-dev",
  addressSpace: "10.20.0.0/16",
  containerAppsSubnetName: "snet-container-apps",
  containerAppsSubnetRange: "10.20.0.0/23",
  postgresSubnetName: "snet-postgres",
  postgresSubnetRange: "10.20.2.0/28",
};

/** Variables that lead an identity to the database of `leastProps`. */
export function entraVariablesOf(identity: IWorkloadIdentity): Record<string, string> {
  return {
    PGHOST: "psql.example",
    PGPORT: "5432",
    PGDATABASE: "shop",
    PGUSER: identity.name,
    PGSSLMODE: "verify-full",
    DATABASE_AUTH: "entra",
    AZURE_CLIENT_ID: identity.clientId,
  };
}

export const databaseUrl: IDatabaseUrlSecret = {
  keyVaultSecretId: "https://kv-shop.vault.azure.net/secrets/database-url",
};

/** Props that lead to the database by a secret instead of Entra. */
export const byDatabaseUrl = { database: undefined, databaseUrl } as const;

/** What a reference to another resource looks like at synth. */
export const unknownText = Token.asString({ resolve: () => "known later" });
export const unknownNumber = Token.asNumber({ resolve: () => 7 });

/** The azurerm_container_app of a stack that holds one MigratedContainerApp. */
export function synthesizeApp(props: Partial<MigratedContainerAppProps> = {}): Json {
  const stack = synthesizeStack((scope) => new MigratedContainerApp(scope, "app", { ...leastProps, ...props }));
  return onlyResource(stack, "azurerm_container_app");
}

/** What a MigratedContainerApp throws when it is created with these props. */
export function creatingApp(props: Partial<MigratedContainerAppProps>): () => void {
  return constructing((scope) => new MigratedContainerApp(scope, "app", { ...leastProps, ...props }));
}

/** Environment variables of a container by name, as far as they are in clear. */
export function variablesOf(container: Json): Record<string, string> {
  return Object.fromEntries(
    container.env.flatMap(({ name, value }: Json) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Names of the secrets that a container's environment variables come from, by the variable's name. */
export function secretVariablesOf(container: Json): Record<string, string> {
  return Object.fromEntries(
    container.env.flatMap(({ name, secret_name }: Json) => (secret_name === undefined ? [] : [[name, secret_name]])),
  );
}

/** The message of what a function throws; for what must not stand in it. */
export function messageOf(failing: () => void): string {
  try {
    failing();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}
