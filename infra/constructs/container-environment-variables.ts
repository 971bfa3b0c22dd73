import { ConfigurationError } from "../errors";
import type { IPostgresDatabase } from "./private-postgres";
import type { IWorkloadIdentity } from "./workload-identity";

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string>>;

/** What app and migrator read to reach the database: the same for both, with a token of the identity as password. */
export function databaseVariables(database: IPostgresDatabase, identity: IWorkloadIdentity): Variables {
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

/** Options of the migrator as the environment variables it reads (`SCHEMAGATE_<OPTION>`), leaving out what is not set. */
export function migratorVariables(options: {
  readonly lockWaitSeconds?: number;
  readonly connectTimeoutSeconds?: number;
}): Variables {
  const { lockWaitSeconds, connectTimeoutSeconds } = options;
  return {
    ...(lockWaitSeconds === undefined ? {} : { SCHEMAGATE_LOCK_WAIT: String(lockWaitSeconds) }),
    ...(connectTimeoutSeconds === undefined ? {} : { SCHEMAGATE_CONNECT_TIMEOUT: String(connectTimeoutSeconds) }),
  };
}

/** Refuses variables that the construct sets itself: two values for one name, and only one of them would count. */
export function requireFreeNames(prop: string, own: Variables, given: Variables, construct: string): void {
  for (const name of Object.keys(given)) {
    if (name in own) {
      throw new ConfigurationError(
        `${construct}: '${prop}' sets ${name}, which MigratedContainerApp sets already: one value would silently win. ` +
          "Remove it there and use the prop that stands for it",
      );
    }
  }
}

/** The list form the provider takes, in the order given. */
export function toEnv(variables: Variables): { readonly name: string; readonly value: string }[] {
  return Object.entries(variables).map(([name, value]) => ({ name, value }));
}
