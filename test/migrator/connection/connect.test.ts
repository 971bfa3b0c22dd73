import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { createTestDatabase, type TestDatabase } from "../../support/database";
import { runMigrator, startMigrator, writeMigrations } from "../../support/migrator";

const dir = writeMigrations({ "1_a.sql": "-- migrate:up\nSELECT 1;\n" });

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(() => database.drop());

function changed(change: (url: URL) => void): string {
  const url = new URL(database.url);
  change(url);
  return url.href;
}

function up(url: string, ...more: string[]) {
  return runMigrator(["up", "--no-json", "--dir", dir, "--database-url", url, ...more]);
}

test("a wrong password exits 7 at once and shows no password", async () => {
  const url = changed((it) => {
    it.password = "wrong-secret";
  });

  const result = await up(url);

  expect(result).toMatchObject({ code: 7, stderr: expect.stringContaining("[authentication, exit 7]") });
  expect(result.stdout + result.stderr).not.toContain("wrong-secret");
});

test("a database that does not exist exits 7 at once and names it", async () => {
  const url = changed((it) => {
    it.pathname = "/no_such_database";
  });

  expect(await up(url)).toMatchObject({
    code: 7,
    stderr: expect.stringContaining('database "no_such_database" at 127.0.0.1'),
  });
});

test("a closed port is tried again until the time is over, then exits 7", async () => {
  const result = await up("postgres://u@127.0.0.1:1/d", "--connect-timeout", "1");

  expect(result.code).toBe(7);
  expect(result.stderr).toContain("database not reachable yet");
  expect(result.stderr).toContain('cannot connect to database "d" at 127.0.0.1:1 as "u" after 1 s of trying');
});

test("a database that comes up late is waited for", async () => {
  const target = new URL(database.url);
  const port = await freePort();
  const run = startMigrator([
    ...["up", "--no-json", "--dir", dir, "--connect-timeout", "20"],
    ...[
      "--database-url",
      changed((it) => {
        it.port = String(port);
      }),
    ],
  ]);
  await new Promise((resolve) => run.child.stderr?.once("data", resolve));
  const { connect } = await import("node:net");
  const proxy = createTcpServer((socket) => {
    const upstream = connect(Number(target.port), target.hostname);
    socket.pipe(upstream).pipe(socket);
    for (const end of [socket, upstream]) {
      end.on("error", () => undefined);
    }
  }).listen(port, "127.0.0.1");

  expect(await run.ended).toMatchObject({ code: 0, stdout: expect.stringContaining("1 migration applied") });
  proxy.close();
});

test("TLS asked of a server without it exits 7 and says how to go without", async () => {
  const url = changed((it) => {
    it.searchParams.set("sslmode", "verify-full");
  });

  expect(await up(url)).toMatchObject({ code: 7, stderr: expect.stringContaining("Use sslmode=disable") });
});

test("in production nothing is embedded: a run without a database exits 2 and says what to set", async () => {
  expect(await runMigrator(["up", "--no-json", "--dir", dir], { NODE_ENV: "production" })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Set DATABASE_URL"),
  });
});

describe("with Entra authentication", () => {
  let endpoint: Server;
  let requests: URL[];

  beforeEach(async () => {
    requests = [];
    const { password } = new URL(database.url);
    endpoint = createServer((request, response) => {
      requests.push(new URL(request.url ?? "", "http://endpoint"));
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({
          access_token: request.headers["x-identity-header"] === "header-secret" ? password : "refused",
          expires_on: String(Math.floor(Date.now() / 1_000) + 3_600),
          resource: "https://ossrdbms-aad.database.windows.net",
          token_type: "Bearer",
        }),
      );
    });
    await new Promise<void>((resolve) => endpoint.listen(0, "127.0.0.1", resolve));
  });

  afterEach(() => {
    endpoint.close();
  });

  test("the managed identity's token is the password, and never printed", async () => {
    const { hostname, port, pathname, username, password } = new URL(database.url);

    const result = await runMigrator(["up", "--no-json", "--dir", dir], {
      DATABASE_AUTH: "entra",
      PGHOST: hostname,
      PGPORT: port,
      PGDATABASE: pathname.slice(1),
      PGUSER: username,
      AZURE_CLIENT_ID: "11111111-2222-3333-4444-555555555555",
      IDENTITY_ENDPOINT: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/msi/token`,
      IDENTITY_HEADER: "header-secret",
    });

    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(requests[0]?.searchParams.get("resource")).toBe("https://ossrdbms-aad.database.windows.net");
    expect(requests[0]?.searchParams.get("client_id")).toBe("11111111-2222-3333-4444-555555555555");
    expect(result.stdout).not.toContain(password);
  });
});

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
