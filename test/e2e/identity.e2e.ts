import { setTimeout as delay } from "node:timers/promises";
import { createTestDatabase, queryAt, type TestDatabase } from "../support/database";
import { waitUntil } from "../support/migrator";
import { freePort } from "../support/pgbouncer";
import {
  bootstrapRoles,
  type DatabaseIdentity,
  dropRoles,
  type Identities,
  makeIdentities,
  makeToken,
  resolveVariables,
  urlAs,
} from "./support/azure-roles";
import {
  type AssignedIdentity,
  type IdentityEndpoint,
  identityHeader,
  identityVariables,
  notAssigned,
  startIdentityEndpoint,
} from "./support/identity-endpoint";
import { goodImage } from "./support/images";
import { type Replica, removeReplicas, startReplica } from "./support/pods";

let database: TestDatabase;
let identities: Identities;
let port: number;
let endpoint: IdentityEndpoint | undefined;
let replica: Replica;
/** What is for no log. */
let secrets: string[];

/** Prepares the database of an environment for its identities. */
async function prepare(environment: "dev" | "prod"): Promise<void> {
  identities = makeIdentities(environment);
  secrets.push(identities.app.token, identities.migrator.token);
  await bootstrapRoles(database, identities);
}

/** Starts the endpoint of the replica. @param assigned who gets a token, and which. */
async function listen(assigned: readonly AssignedIdentity[] = Object.values(identities)): Promise<void> {
  secrets.push(...assigned.map(({ token }) => token));
  endpoint = await startIdentityEndpoint(port, assigned);
}

/** Starts a replica of an environment's stacks, in which only the database's address and the identities are ours. */
async function start(environment: "dev" | "prod"): Promise<void> {
  replica = await startReplica({
    image: goodImage,
    environment,
    env: (container) => ({ ...resolveVariables(container, database, identities), ...identityVariables(port) }),
  });
}

const failures = async () => (await replica.migratorLines()).filter(({ event }) => event === "failed");

/** Waits until the app is ready behind an open gate. */
async function expectReady(): Promise<void> {
  const exitCode = await replica.migrated;
  expect({ exitCode, failed: await failures() }).toEqual({ exitCode: 0, failed: [] });
  await replica.ready();
}

/** The gate holds: the migrator says why in a line of its own, and the app is never started. */
async function expectHeld(failure: { code: string; message: string }): Promise<void> {
  expect(await replica.migrated).toBe(7);
  expect(await replica.state("migrate")).toEqual({ status: "exited", exitCode: 7 });
  expect(await failures()).toEqual([
    expect.objectContaining({ code: failure.code, exitCode: 7, message: expect.stringContaining(failure.message) }),
  ]);
  expect(await replica.state("app")).toEqual({ status: "created", exitCode: 0 });
  expect(await replica.logs("app")).toBe("");
  expect(await tableOwners()).toEqual([]);
}

const tableOwners = () =>
  database.query(
    "SELECT DISTINCT schemaname AS schema, tableowner AS owner FROM pg_tables WHERE schemaname IN ('app', 'schemagate') ORDER BY 1",
  );

const ownedBy = ({ role }: DatabaseIdentity) => ["app", "schemagate"].map((schema) => ({ schema, owner: role }));

/** What a request for one identity's token looks like. */
const requestOf = ({ clientId }: AssignedIdentity) => ({
  "api-version": "2019-08-01",
  resource: "https://ossrdbms-aad.database.windows.net",
  client_id: clientId,
});

beforeEach(async () => {
  database = await createTestDatabase();
  port = await freePort();
  secrets = [identityHeader];
});

afterEach(async () => {
  try {
    const logs = `${await replica.logs("migrate")}${await replica.logs("app")}`;
    expect(logs).not.toBe("");
    expect(secrets.filter((secret) => logs.includes(secret))).toEqual([]);
  } finally {
    await removeReplicas();
    await endpoint?.close();
    endpoint = undefined;
    await database.drop();
    await dropRoles(identities);
  }
});

test("one identity for migrator and app, as in dev, opens the gate and the app becomes ready", async () => {
  await prepare("dev");
  await listen();

  await start("dev");

  await expectReady();
  expect(await tableOwners()).toEqual(ownedBy(identities.app));
  expect(new Set(endpoint?.requests.map((request) => JSON.stringify(request))).size).toBe(1);
  expect(endpoint?.requests).toContainEqual(requestOf(identities.app));
});

test("with identities of their own, as in prod, the migrator owns the tables and the app cannot make any", async () => {
  await prepare("prod");
  await listen();

  await start("prod");

  await expectReady();
  expect(await tableOwners()).toEqual(ownedBy(identities.migrator));
  const create = queryAt(urlAs(database, identities.app), "CREATE TABLE mine (id integer)");
  await expect(create).rejects.toMatchObject({ code: "42501" });
  const created = await fetch(`${replica.url}/customers`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: "ada@example.com", name: "Ada" }),
  });
  expect(created.status).toBe(201);
});

test("migrator and app each get tokens for their own client id, and log in as their own role", async () => {
  await prepare("prod");
  await listen();

  await start("prod");

  await expectReady();
  const { app, migrator } = identities;
  const asked = endpoint?.requests.map(({ client_id }) => client_id) ?? [];
  expect(endpoint?.requests[0]).toEqual(requestOf(migrator));
  expect(endpoint?.requests.at(-1)).toEqual(requestOf(app));
  // The migrator is done before the app begins, so none of its requests comes behind one of the app's.
  expect(asked.slice(asked.indexOf(app.clientId)).filter((clientId) => clientId !== app.clientId)).toEqual([]);
  expect(
    await database.query(
      "SELECT DISTINCT usename AS role FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'orders-api'",
    ),
  ).toEqual([{ role: app.role }]);
});

test("an endpoint that comes up 5 s after the container is waited for", async () => {
  await prepare("prod");
  await start("prod");
  const says = async () => (await replica.logs("migrate")).includes("endpoint does not answer");
  await waitUntil(says, "the migrator's first try");
  await delay(5_000);

  await listen();

  await expectReady();
  expect(endpoint?.requests[0]).toEqual(requestOf(identities.migrator));
});

test("a token that the server refuses holds the gate", async () => {
  await prepare("prod");
  await listen([{ ...identities.migrator, token: makeToken() }, identities.app]);

  await start("prod");

  await expectHeld({ code: "authentication", message: identities.migrator.role });
});

test("a token that has expired holds the gate", async () => {
  await prepare("prod");
  // What a server without Entra has for it: the password was right once.
  await database.query(`ALTER ROLE "${identities.migrator.role}" VALID UNTIL 'yesterday'`);
  await listen();

  await start("prod");

  await expectHeld({ code: "authentication", message: identities.migrator.role });
});

test("a client id that is not assigned holds the gate, with the endpoint's own words", async () => {
  await prepare("prod");
  await listen([identities.app]);

  await start("prod");

  await expectHeld({ code: "no-token", message: notAssigned });
  expect(endpoint?.requests).toEqual([requestOf(identities.migrator)]);
});

test("an app whose own client id is not assigned is not ready behind the open gate, and says why", async () => {
  await prepare("prod");
  await listen([identities.migrator]);

  await start("prod");

  expect(await replica.migrated).toBe(0);
  const answered = async () => (await replica.readiness().catch(() => ({ status: 0 }))).status !== 0;
  await waitUntil(answered, "the readiness probe's answer");
  expect(await replica.readiness()).toEqual({
    status: 503,
    body: '{"status":"not ready","reason":"database unreachable"}',
  });
  expect(await replica.logs("app")).toContain(notAssigned);
  expect(endpoint?.requests.at(-1)).toEqual(requestOf(identities.app));
});
