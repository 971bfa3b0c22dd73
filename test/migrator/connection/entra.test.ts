import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase } from "../../support/database";
import { makeDirectory, runBin, runMigrator, startMigrator, waitUntil, writeMigrations } from "../../support/migrator";
import { freePort } from "../../support/pgbouncer";
import { makeAuthority } from "../../support/tls";

const dir = writeMigrations({ "1_a.sql": "-- migrate:up\nSELECT 1;\n" });
const clientId = "11111111-2222-3333-4444-555555555555";
const tenantId = "99999999-8888-7777-6666-555555555555";

let database: TestDatabase;
/** What the database takes for a token: its password. */
let token: string;
let endpoint: Server | undefined;
let requests: URL[];

beforeEach(async () => {
  database = await createTestDatabase();
  token = new URL(database.url).password;
  requests = [];
});

afterEach(async () => {
  endpoint?.closeAllConnections();
  endpoint?.close();
  endpoint = undefined;
  await database.drop();
});

/** One answer of the endpoint. */
type Answer = (response: ServerResponse) => void;

const granted: Answer = (response) => {
  const expiresOn = Math.floor(Date.now() / 1_000) + 3_600;
  json(response, 200, {
    access_token: token,
    expires_on: String(expiresOn),
    resource: "https://ossrdbms-aad.database.windows.net",
    token_type: "Bearer",
    client_id: clientId,
  });
};

const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) => {
    response.writeHead(code, headers).end("<html>not json</html>");
  };

const silence: Answer = () => undefined;

function json(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** Starts the endpoint of a container's managed identity. The last answer is given again and again. */
async function startEndpoint(answers: readonly Answer[], port = 0): Promise<string> {
  const answer: RequestListener = (request: IncomingMessage, response: ServerResponse) => {
    requests.push(new URL(request.url ?? "", "http://endpoint"));
    const known = request.headers["x-identity-header"] === "header-secret";
    (known ? (answers[Math.min(requests.length, answers.length) - 1] ?? silence) : status(401))(response);
  };
  endpoint = createServer(answer);
  await new Promise<void>((resolve) => endpoint?.listen(port, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/msi/token`;
}

function environment(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { hostname, port, pathname, username } = new URL(database.url);
  return {
    ...{ DATABASE_AUTH: "entra", PGHOST: hostname, PGPORT: port, PGDATABASE: pathname.slice(1), PGUSER: username },
    ...{ IDENTITY_ENDPOINT: "", AZURE_CLIENT_ID: "", AZURE_TENANT_ID: "", AZURE_CLIENT_SECRET: "" },
    ...more,
  };
}

const managed = (url: string): NodeJS.ProcessEnv => ({
  ...{ IDENTITY_ENDPOINT: url, IDENTITY_HEADER: "header-secret", AZURE_CLIENT_ID: clientId },
});

async function up(more: NodeJS.ProcessEnv, ...options: string[]) {
  // Azure's library, unlike what asks a container's endpoint, reads the process's own environment.
  const run = more.IDENTITY_ENDPOINT ? runMigrator : runBin;
  const result = await run(["up", "--no-json", "--dir", dir, ...options], environment(more));
  expect(result.stdout + result.stderr).not.toContain(token);
  expect(result.stdout + result.stderr).not.toContain("header-secret");
  return result;
}

test("a user-assigned identity is named to the endpoint, and its token is the password", async () => {
  const url = await startEndpoint([granted]);

  expect(await up(managed(url))).toMatchObject({ code: 0, stderr: "" });
  expect(requests.map(({ search }) => Object.fromEntries(new URLSearchParams(search)))).toEqual([
    { "api-version": "2019-08-01", resource: "https://ossrdbms-aad.database.windows.net", client_id: clientId },
  ]);
});

test("without AZURE_CLIENT_ID the system-assigned identity is asked for", async () => {
  const url = await startEndpoint([granted]);

  expect(await up({ ...managed(url), AZURE_CLIENT_ID: "" })).toMatchObject({ code: 0, stderr: "" });
  expect(requests.map(({ searchParams }) => searchParams.get("client_id"))).toEqual([null]);
});

test("an endpoint that comes up late is waited for, and the wait is told", async () => {
  const port = await freePort();
  const run = startMigrator(
    ["up", "--no-json", "--dir", dir],
    environment(managed(`http://127.0.0.1:${port}/msi/token`)),
  );
  await new Promise((resolve) => run.child.stderr?.once("data", resolve));
  await startEndpoint([granted], port);

  expect(await run.ended).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("the managed identity endpoint does not answer), trying again in 250 ms"),
  });
});

test.each([404, 408, 429, 500, 503])("status %i is tried again, and the wait is told", async (code) => {
  const url = await startEndpoint([status(code), granted]);

  expect(await up(managed(url))).toMatchObject({
    code: 0,
    stderr: expect.stringContaining(
      `the managed identity endpoint answers with status ${code}), trying again in 250 ms`,
    ),
  });
  expect(requests).toHaveLength(2);
});

test("Retry-After is heeded", async () => {
  const url = await startEndpoint([status(429, { "retry-after": "2" }), granted]);

  expect(await up(managed(url))).toMatchObject({ code: 0, stderr: expect.stringContaining("trying again in 2.0 s") });
});

test("a Retry-After beyond the connect timeout ends the run at once", async () => {
  const url = await startEndpoint([status(429, { "retry-after": "3600" })]);

  expect(await up(managed(url))).toMatchObject({ code: 7, stderr: expect.stringContaining("[no-token, exit 7]") });
  expect(requests).toHaveLength(1);
});

test.each([
  ["keeps failing", status(500), "answers with status 500 after 1 s of trying"],
  ["never answers", silence, "does not answer after 1 s of trying"],
])("an endpoint that %s exits 7 when the connect timeout is over", async (_, answer, message) => {
  const url = await startEndpoint([answer]);
  const result = await up(managed(url), "--connect-timeout", "1");

  expect(result).toMatchObject({ code: 7, stderr: expect.stringContaining(message) });
  expect(result.stderr).toContain("AZURE_CLIENT_ID names an identity assigned to it");
});

test("an identity that is not assigned is not tried again, and the endpoint's words are shown", async () => {
  const refusal: Answer = (response) =>
    json(response, 400, { statusCode: 400, message: "No User Assigned or Delegated Managed Identity found" });
  const url = await startEndpoint([refusal]);

  const result = await up(managed(url));

  expect(result).toMatchObject({ code: 7, stderr: expect.stringContaining("[no-token, exit 7]") });
  expect(result.stderr).toContain("No User Assigned or Delegated Managed Identity found");
  expect(requests).toHaveLength(1);
});

test("an answer without a token exits 7", async () => {
  const url = await startEndpoint([(response) => json(response, 200, { token_type: "Bearer" })]);

  expect(await up(managed(url))).toMatchObject({ code: 7, stderr: expect.stringContaining("[no-token, exit 7]") });
});

test("a token that the server refuses exits 7 and is not printed", async () => {
  const url = await startEndpoint([
    (response) =>
      json(response, 200, { access_token: "refused-token", expires_on: "4102444800", token_type: "Bearer" }),
  ]);

  const result = await up(managed(url));

  expect(result).toMatchObject({ code: 7, stderr: expect.stringContaining("[authentication, exit 7]") });
  expect(result.stdout + result.stderr).not.toContain("refused-token");
});

test("each connection has a token of its own, the cancelling one as well", async () => {
  // Too short-lived to be kept: tokens are renewed five minutes before the end.
  const expiring: Answer = (response) =>
    json(response, 200, {
      access_token: token,
      expires_on: String(Math.floor(Date.now() / 1_000) + 60),
      token_type: "Bearer",
    });
  const url = await startEndpoint([expiring]);
  const slow = writeMigrations({ "1_slow.sql": "-- migrate:up\nSELECT pg_sleep(60);\n" });
  const run = startMigrator(["up", "--no-json", "--dir", slow], environment(managed(url)));
  await waitUntil(
    async () =>
      (
        await database.query(
          "SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND datname = current_database() AND pid <> pg_backend_pid()",
        )
      ).length > 0,
    "the migration",
  );

  run.child.kill("SIGTERM");

  expect((await run.ended).code).toBe(143);
  expect(requests.length).toBeGreaterThanOrEqual(2);
});

describe("on a laptop, by the Azure CLI", () => {
  function writeAz(script: string): NodeJS.ProcessEnv {
    const bin = makeDirectory();
    writeFileSync(join(bin, "az"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, "az"), 0o755);
    return { PATH: `${bin}:${process.env.PATH}` };
  }

  test("its token is the password", async () => {
    const answer = { accessToken: token, expires_on: 4_102_444_800, tokenType: "Bearer" };
    const env = writeAz(`echo "$@" >&2\necho '${JSON.stringify(answer)}'`);

    expect(await up(env)).toMatchObject({ code: 0, stderr: "" });
  });

  test("who is not logged in is told so at once", async () => {
    const env = writeAz(`echo "ERROR: Please run 'az login' to setup account." >&2\nexit 1`);

    expect(await up(env)).toMatchObject({ code: 7, stderr: expect.stringContaining("Run `az login`") });
  });

  test("who has no Azure CLI is told so at once", async () => {
    expect(await up({ PATH: makeDirectory() })).toMatchObject({
      code: 7,
      stderr: expect.stringContaining("Azure CLI could not be found"),
    });
  });
});

describe("by a service principal in the environment", () => {
  let answers: Answer[];

  /** Microsoft Entra, as far as a client secret needs it. */
  async function startAuthority(): Promise<NodeJS.ProcessEnv> {
    const authority = makeAuthority("Entra");
    const { cert, key } = authority.issue("entra", "DNS:localhost");
    const host = () => `https://localhost:${(server.address() as AddressInfo).port}`;
    const server = createSecureServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
      const { pathname } = new URL(request.url ?? "", host());
      if (pathname.endsWith("/openid-configuration")) {
        const base = `${host()}/${tenantId}`;
        json(response, 200, {
          issuer: `${base}/v2.0`,
          authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
          token_endpoint: `${base}/oauth2/v2.0/token`,
          jwks_uri: `${base}/discovery/v2.0/keys`,
        });
        return;
      }
      requests.push(new URL(pathname, host()));
      (answers.length > 1 ? answers.shift() : answers[0])?.(response);
    });
    endpoint = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
      ...{ AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: "client-secret" },
      ...{ AZURE_AUTHORITY_HOST: host(), NODE_EXTRA_CA_CERTS: authority.cert },
    };
  }

  test("its token is the password, and a busy authority is asked again", async () => {
    answers = [
      status(503),
      (response) => json(response, 200, { access_token: token, expires_in: 3_600, token_type: "Bearer" }),
    ];

    const result = await up(await startAuthority());

    expect(result).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("Microsoft Entra answers with status 503"),
    });
    expect(requests).toHaveLength(2);
  });

  test("even the library's own log, turned on by AZURE_LOG_LEVEL, holds no token", async () => {
    answers = [
      status(503),
      (response) => json(response, 200, { access_token: token, expires_in: 3_600, token_type: "Bearer" }),
    ];

    const { code, stderr } = await up({ ...(await startAuthority()), AZURE_LOG_LEVEL: "verbose" });

    expect(code).toBe(0);
    expect(stderr).toContain("azure:");
  });

  test("a wrong secret is not tried again, and not printed", async () => {
    const refusal = { error: "invalid_client", error_description: "AADSTS7000215: Invalid client secret provided." };
    answers = [(response) => json(response, 401, refusal)];

    const result = await up(await startAuthority());

    expect(result).toMatchObject({ code: 7, stderr: expect.stringContaining("AADSTS7000215") });
    expect(result.stderr).toContain("Check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET");
    expect(result.stderr).not.toContain("client-secret");
    expect(requests).toHaveLength(1);
  });
});
