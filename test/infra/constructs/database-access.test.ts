import {
  appDatabaseAccess,
  type DatabaseAccessProps,
  migratorDatabaseAccess,
  requireOneDatabase,
} from "../../../infra/constructs/database-access";
import { appIdentity, databaseUrl, entraVariablesOf, migratorIdentity } from "../support/app-props";

const database = { host: "psql.example", databaseName: "shop" };
const checking = (props: DatabaseAccessProps) => () => requireOneDatabase(props, "stack/app");

it("leads to a database with Entra by the identity's name, with no secret", () => {
  expect(appDatabaseAccess({ database }, appIdentity)).toEqual({
    variables: entraVariablesOf(appIdentity),
    secretVariables: {},
    secrets: [],
  });
  expect(migratorDatabaseAccess({ database }, migratorIdentity).variables).toEqual(entraVariablesOf(migratorIdentity));
});

it("leads app and migrator to another database by one secret", () => {
  const access = {
    variables: {},
    secretVariables: { DATABASE_URL: "database-url" },
    secrets: [{ name: "database-url", keyVaultSecretId: databaseUrl.keyVaultSecretId }],
  };
  expect(appDatabaseAccess({ databaseUrl }, appIdentity)).toEqual(access);
  expect(migratorDatabaseAccess({ databaseUrl }, appIdentity)).toEqual(access);
});

it("leads the migrator there by a secret of its own", () => {
  const migrateDatabaseUrl = { keyVaultSecretId: "https://kv-shop.vault.azure.net/secrets/migrate-url" };
  const props = { databaseUrl, migrateDatabaseUrl };
  expect(appDatabaseAccess(props, appIdentity).secretVariables).toEqual({ DATABASE_URL: "database-url" });
  expect(migratorDatabaseAccess(props, appIdentity)).toEqual({
    variables: {},
    secretVariables: { DATABASE_URL: "migrate-database-url" },
    secrets: [{ name: "migrate-database-url", keyVaultSecretId: migrateDatabaseUrl.keyVaultSecretId }],
  });
});

it.each([
  ["neither is given", {}],
  ["neither is given", { migrateDatabaseUrl: databaseUrl }],
  ["both are given", { database, databaseUrl }],
])("fails when of database and databaseUrl %s", (problem, props) => {
  expect(checking(props)).toThrow(
    `stack/app: 'database' and 'databaseUrl': ${problem}, and app and migrator must reach one and the same database. Give ` +
      "'database' for Entra, 'databaseUrl' for a secret in a Key Vault",
  );
});

it("fails when the migrator alone goes by a secret", () => {
  expect(checking({ database, migrateDatabaseUrl: databaseUrl })).toThrow(
    "stack/app: 'migrateDatabaseUrl' goes with 'databaseUrl', not with 'database': with Entra the migrator has a role of " +
      "its own through 'migratorIdentity'. Remove it",
  );
});
