import { ConfigurationError } from "../errors";
import type { IDatabaseUrlSecret } from "./database-url-secret";
import type { IPostgresDatabase } from "./private-postgres-props";
import type { KeyVaultSecretReference } from "./secrets";
import { isUnknown } from "./unknown";
import type { ContainerVariables } from "./variables";
import type { IWorkloadIdentity } from "./workload-identity";

/** How app and migrator reach the database: as Entra identities, or with a DATABASE_URL from a Key Vault. */
export interface DatabaseAccessProps {
  /**
   * Database that takes Entra tokens; the identity's name is the role.
   * @default - none; one of `database` and `databaseUrl` is required
   */
  readonly database?: IPostgresDatabase;

  /**
   * Secret with the app's DATABASE_URL, for databases without Entra. `identity` reads it.
   * @default - none
   */
  readonly databaseUrl?: IDatabaseUrlSecret;

  /**
   * Secret with the migrator's DATABASE_URL, with a role that may change the schema.
   * @default - the app's
   */
  readonly migrateDatabaseUrl?: IDatabaseUrlSecret;
}

/** What one container needs to reach the database. */
export interface DatabaseAccess extends ContainerVariables {
  readonly secrets: readonly KeyVaultSecretReference[];
}

/** Refuses two ways to the database, and none. */
export function requireOneDatabase(props: DatabaseAccessProps, construct: string): void {
  const { database, databaseUrl, migrateDatabaseUrl } = props;
  if ((database === undefined) === (databaseUrl === undefined)) {
    const problem = database === undefined ? "neither is given" : "both are given";
    throw new ConfigurationError(
      `${construct}: 'database' and 'databaseUrl': ${problem}, and app and migrator must reach one and the same ` +
        "database. Give 'database' for Entra, 'databaseUrl' for a secret in a Key Vault",
    );
  }
  if (database !== undefined && migrateDatabaseUrl !== undefined) {
    throw new ConfigurationError(
      `${construct}: 'migrateDatabaseUrl' goes with 'databaseUrl', not with 'database': with Entra the migrator has a ` +
        "role of its own through 'migratorIdentity'. Remove it",
    );
  }
}

/** The app's way to the database. */
export function appDatabaseAccess(props: DatabaseAccessProps, identity: IWorkloadIdentity): DatabaseAccess {
  return databaseAccess(props.database, props.databaseUrl, "database-url", identity);
}

/** The migrator's way to the database. */
export function migratorDatabaseAccess(props: DatabaseAccessProps, identity: IWorkloadIdentity): DatabaseAccess {
  const own = props.migrateDatabaseUrl;
  return own === undefined
    ? databaseAccess(props.database, props.databaseUrl, "database-url", identity)
    : databaseAccess(undefined, own, "migrate-database-url", identity);
}

function databaseAccess(
  database: IPostgresDatabase | undefined,
  url: IDatabaseUrlSecret | undefined,
  secretName: string,
  identity: IWorkloadIdentity,
): DatabaseAccess {
  if (database !== undefined) {
    return { variables: entraVariables(database, identity), secretVariables: {}, secrets: [] };
  }
  return {
    variables: {},
    secretVariables: { DATABASE_URL: secretName },
    secrets: url === undefined ? [] : [{ name: secretName, keyVaultSecretId: url.keyVaultSecretId }],
  };
}

/** Where the database is, and that a token of the identity is the password. */
function entraVariables(database: IPostgresDatabase, identity: IWorkloadIdentity) {
  return {
    PGHOST: database.host,
    // Never 6432: through the built-in PgBouncer the migrator's session lock would silently not hold.
    PGPORT: "5432",
    PGDATABASE: database.databaseName,
    PGUSER: identity.name,
    PGSSLMODE: "verify-full",
    DATABASE_AUTH: "entra",
    // A user-assigned identity must be named in each token request.
    AZURE_CLIENT_ID: identity.clientId,
  };
}

/** PostgreSQL cuts longer names, and would look for another role than the one that was made. */
const longestRoleName = 63;

/** Refuses identities whose name is too long for a role, where they sign in by it. */
export function requireRoleNames(
  { database }: DatabaseAccessProps,
  identities: readonly (IWorkloadIdentity | undefined)[],
  construct: string,
): void {
  const names = identities.flatMap((identity) => (identity === undefined ? [] : [identity.name]));
  const tooLong = names.find((name) => !isUnknown(name) && Buffer.byteLength(name) > longestRoleName);
  if (database === undefined || tooLong === undefined) return;
  throw new ConfigurationError(
    `${construct}: the identity ${tooLong} signs in to 'database' by its name, ${Buffer.byteLength(tooLong)} characters, and ` +
      `PostgreSQL takes ${longestRoleName} for a role. Rename it`,
  );
}
