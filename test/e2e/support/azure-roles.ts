import { randomBytes, randomUUID } from "node:crypto";
import type { Container } from "../../../local/container-app";
import { queryAt, serverUrl, type TestDatabase } from "../../support/database";
import type { AssignedIdentity } from "./identity-endpoint";
import { goodImage } from "./images";
import { engine } from "./runtime";

/** A managed identity and its role in the database, of the same name. */
export interface DatabaseIdentity extends AssignedIdentity {
  readonly role: string;
}

/** The identities of an environment; a shared one is the app's. */
export interface Identities {
  readonly app: DatabaseIdentity;
  readonly migrator: DatabaseIdentity;
}

/** Makes up identities. Roles belong to the whole server, so each test has names of its own. */
export function makeIdentities(environment: "dev" | "prod"): Identities {
  const app = makeIdentity("app");
  return { app, migrator: environment === "dev" ? app : makeIdentity("migrator") };
}

function makeIdentity(who: string): DatabaseIdentity {
  return { role: `id-${who}-${randomBytes(4).toString("hex")}`, clientId: randomUUID(), token: makeToken() };
}

/** As long as Entra's, which is a signed JSON Web Token of about 1.5 kB. */
export function makeToken(): string {
  const part = (bytes: number) => randomBytes(bytes).toString("base64url");
  return `eyJ${part(80)}.${part(700)}.${part(256)}`;
}

/** Prepares a database by the image's own `bootstrap`, as the bootstrap job does; a role's password is its token. */
export async function bootstrapRoles({ url }: TestDatabase, { app, migrator }: Identities): Promise<void> {
  const variables = {
    DATABASE_URL: url,
    SCHEMAGATE_MIGRATOR_PASSWORD: migrator.token,
    SCHEMAGATE_APP_PASSWORD: app.token,
  };
  const roles = ["--migrator-role", migrator.role, "--app-role", app.role];
  // By name only: values on a command line are for everyone on the machine to see.
  const env = Object.keys(variables).flatMap((name) => ["--env", name]);
  const command = [goodImage, "node", "dist/cli.js", "bootstrap", ...roles];
  await engine().run(["run", "--rm", "--network", "host", ...env, ...command], "", variables);
}

/** Drops the roles; their database is gone by then. */
export async function dropRoles({ app, migrator }: Identities): Promise<void> {
  for (const { role } of new Set([app, migrator])) {
    await queryAt(serverUrl(), `DROP ROLE IF EXISTS "${role}"`);
  }
}

/** URL of a database as one of its roles. */
export function urlAs({ url }: TestDatabase, { role, token }: DatabaseIdentity): string {
  return Object.assign(new URL(url), { username: role, password: token }).href;
}

/** Read by the container from elsewhere: its address, which the test chooses. */
const addressVariables = ["HOST", "PORT"];

/**
 * The variables of a synthesized container, with what only Terraform knows filled in. The server of the tests differs
 * from Azure's by its port and by having no TLS.
 */
export function resolveVariables(
  container: Container,
  database: TestDatabase,
  identities: Identities,
): Record<string, string> {
  const own = container.env.filter(({ name }) => !addressVariables.includes(name));
  const resolved = own.map(({ name, value = "" }) => [
    name,
    value.replace(/\$\{[^}]*\}/g, (reference) => resolveReference(reference, new URL(database.url), identities)),
  ]);
  return { ...Object.fromEntries(resolved), PGPORT: new URL(database.url).port, PGSSLMODE: "disable" };
}

/** What an apply would have put in place of a reference to another stack's output: its last parts name it. */
function resolveReference(reference: string, server: URL, { app, migrator }: Identities): string {
  const identity = reference.includes("migrator-identity") ? migrator : app;
  const known: readonly [RegExp, string][] = [
    [/_identity(app|migrator)-identity_\w+client_id\}$/, identity.clientId],
    [/_identity(app|migrator)-identity_\w+name\}$/, identity.role],
    [/_flexible_server_database\w+name\}$/, server.pathname.slice(1)],
    [/_flexible_server\w+fqdn\}$/, server.hostname],
  ];
  const value = known.find(([pattern]) => pattern.test(reference))?.[1];
  if (value === undefined) {
    throw new Error(`the stacks refer to ${reference}, which the tests cannot resolve: say here what it is`);
  }
  return value;
}
