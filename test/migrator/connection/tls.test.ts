import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createTestDatabase,
  queryAt,
  startTestServer,
  type TestDatabase,
  type TestServer,
  testBinaries,
} from "../../support/database";
import { makeDirectory, runBin, runMigrator, writeMigrations } from "../../support/migrator";
import { type Authority, type Certificate, makeAuthority } from "../../support/tls";

/** What pg_hba.conf makes of the databases: `sealed` takes TLS only, `open` plain connections only. */
const rules = `
hostnossl sealed all all reject
hostssl open all all reject
hostssl all certified all cert
host all all all scram-sha-256
`;

/** Leaves behind whether its connection was encrypted. */
const dir = writeMigrations({
  "1_a.sql": "-- migrate:up\nCREATE TABLE seen AS SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid();\n",
});

let authority: Authority;
let stranger: Authority;
let certified: Certificate;
let server: TestServer;
let plain: TestDatabase;

beforeAll(async () => {
  authority = makeAuthority("Test Authority");
  stranger = makeAuthority("Another Authority");
  certified = authority.issue("certified");
  const { cert, key } = authority.issue("server", "DNS:localhost");
  const hba = join(makeDirectory(), "pg_hba.conf");
  writeFileSync(hba, rules);
  server = await startTestServer([
    ...["ssl=on", `ssl_cert_file=${cert}`, `ssl_key_file=${key}`, `ssl_ca_file=${authority.cert}`, `hba_file=${hba}`],
  ]);
  plain = await createTestDatabase();
  for (const statement of ["CREATE DATABASE sealed", "CREATE DATABASE open", "CREATE ROLE certified SUPERUSER LOGIN"]) {
    await queryAt(server.url, statement);
  }
});

afterAll(async () => {
  await server.remove();
  await plain.drop();
});

function certificateOf(issuer: Authority): string[] {
  const { cert, key } = issuer.issue("older", "DNS:localhost");
  return [`ssl_cert_file=${cert}`, `ssl_key_file=${key}`];
}

interface Way {
  /** As the certificate says, or not. @default "localhost" */
  readonly host?: "localhost" | "127.0.0.1";
  readonly user?: string;
  readonly database?: string;
  readonly at?: { readonly url: string };
  readonly env?: NodeJS.ProcessEnv;
  /** @default within this process */
  readonly run?: typeof runBin;
}

function up(parameters: Readonly<Record<string, string>>, way: Way = {}) {
  const url = new URL((way.at ?? server).url);
  url.hostname = way.host ?? "localhost";
  url.pathname = way.database ?? url.pathname;
  url.username = way.user ?? url.username;
  for (const [name, value] of Object.entries(parameters)) {
    url.searchParams.set(name, value);
  }
  // As in an init container, with all settings in the environment: then a start begins to connect before it is loaded.
  const run = way.run ?? runMigrator;
  return run(["up"], {
    ...{ DATABASE_URL: url.href, SCHEMAGATE_DIR: dir, SCHEMAGATE_CONNECT_TIMEOUT: "1", SCHEMAGATE_JSON: "false" },
    ...way.env,
  });
}

/** Whether the migration's connection was encrypted; the database is as before. */
async function wasEncrypted(database?: string, { url: at } = { url: server.url }): Promise<unknown> {
  const url = new URL(at);
  url.pathname = database ?? url.pathname;
  url.searchParams.set("sslmode", database === "sealed" ? "no-verify" : "disable");
  const [row] = await queryAt(url.href, "SELECT ssl FROM seen");
  await queryAt(url.href, "DROP TABLE seen; DROP SCHEMA schemagate CASCADE");
  return row?.ssl;
}

test.each<[string, Readonly<Record<string, string>>, Way]>([
  ["verify-full", { sslmode: "verify-full" }, {}],
  ["verify-ca, whatever the host is called", { sslmode: "verify-ca" }, { host: "127.0.0.1" }],
  ["require, which checks the authority when there is one", { sslmode: "require" }, { host: "127.0.0.1" }],
])("connects with the right authority: %s", async (_, parameters, way) => {
  expect(await up({ ...parameters, sslrootcert: authority.cert }, way)).toMatchObject({ code: 0, stderr: "" });
  expect(await wasEncrypted()).toBe(true);
});

test("takes the authority from PGSSLROOTCERT and the mode from PGSSLMODE", async () => {
  const env = { PGSSLMODE: "verify-full", PGSSLROOTCERT: authority.cert };

  expect(await up({}, { env })).toMatchObject({ code: 0, stderr: "" });
  expect(await wasEncrypted()).toBe(true);
});

test("versions of TLS are bounded, by the URL and by PGSSLMINPROTOCOLVERSION", async () => {
  const version = "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
  const set = writeMigrations({ "1_a.sql": `-- migrate:up\nCREATE TABLE seen AS ${version};\n` });
  const way = { env: { SCHEMAGATE_DIR: set } };

  expect(await up({ sslmode: "require", ssl_max_protocol_version: "TLSv1.2" }, way)).toMatchObject({ code: 0 });

  expect(await queryAt(server.url, "SELECT version FROM seen")).toEqual([{ version: "TLSv1.2" }]);
  await queryAt(server.url, "DROP TABLE seen; DROP SCHEMA schemagate CASCADE");
  const older = await startTestServer(["ssl=on", ...certificateOf(authority), "ssl_max_protocol_version=TLSv1.2"]);
  const env = { PGSSLMODE: "require", PGSSLMINPROTOCOLVERSION: "TLSv1.3" };
  const refused = await up({}, { at: older, env });
  await older.remove();
  expect(refused).toMatchObject({ code: 7, stderr: expect.stringMatching(/protocol version|alert/) });
});

test("NODE_TLS_REJECT_UNAUTHORIZED does not weaken verify-full", async () => {
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: "0" };

  expect(await up({ sslmode: "verify-full" }, { env, run: runBin })).toMatchObject({ code: 7 });
});

test("fails when the certificate is for another host name", async () => {
  const result = await up({ sslmode: "verify-full", sslrootcert: authority.cert }, { host: "127.0.0.1" });

  expect(result).toMatchObject({ code: 7, stderr: expect.stringContaining("[tls, exit 7]") });
  expect(result.stderr).toContain("does not match certificate's altnames");
});

test.each(["verify-full", "verify-ca", "require"])(
  "fails when another authority signed the certificate: sslmode=%s",
  async (sslmode) => {
    const result = await up({ sslmode, sslrootcert: stranger.cert });

    expect(result).toMatchObject({ code: 7, stderr: expect.stringContaining("sslrootcert") });
  },
);

test.each([
  ["the usual ones", {}],
  ["the system's", { sslrootcert: "system" }],
])("fails when none of the known authorities signed the certificate: %s", async (_, more) => {
  expect(await up({ sslmode: "verify-full", ...more })).toMatchObject({
    code: 7,
    stderr: expect.stringContaining("[tls, exit 7]"),
  });
});

test.each(["require", "prefer"])("encrypts without proof of whom it talks to: sslmode=%s", async (sslmode) => {
  expect(await up({ sslmode }, { host: "127.0.0.1" })).toMatchObject({ code: 0, stderr: "" });
  expect(await wasEncrypted()).toBe(true);
});

test("allow and disable do not encrypt where the server does not demand it", async () => {
  for (const sslmode of ["allow", "disable"]) {
    expect(await up({ sslmode })).toMatchObject({ code: 0, stderr: "" });
    expect(await wasEncrypted()).toBe(false);
  }
});

test("allow encrypts where the server demands it, and disable is refused there", async () => {
  expect(await up({ sslmode: "allow" }, { database: "sealed" })).toMatchObject({ code: 0, stderr: "" });
  expect(await wasEncrypted("sealed")).toBe(true);
  expect(await up({ sslmode: "disable" }, { database: "sealed" })).toMatchObject({
    code: 7,
    stderr: expect.stringContaining("pg_hba.conf rejects connection"),
  });
});

test("prefer falls back to a plain connection where the server rejects an encrypted one", async () => {
  expect(await up({ sslmode: "prefer" }, { database: "open" })).toMatchObject({ code: 0, stderr: "" });
  expect(await wasEncrypted("open")).toBe(false);
});

test("prefer falls back to a plain connection where the server has no TLS, and require does not", async () => {
  expect(await up({ sslmode: "prefer" }, { at: plain })).toMatchObject({ code: 0, stderr: "" });
  expect(await wasEncrypted(undefined, plain)).toBe(false);
  for (const sslmode of ["require", "verify-ca", "verify-full"]) {
    expect(await up({ sslmode }, { at: plain })).toMatchObject({
      code: 7,
      stderr: expect.stringContaining("Use sslmode=disable if the network between is trusted"),
    });
  }
});

test("a wrong password is not tried a second time in another way", async () => {
  const before = await failedLogins();

  const url = { sslmode: "prefer" };
  expect(await up(url, { user: "nobody_of_that_name" })).toMatchObject({
    code: 7,
    stderr: expect.stringContaining("[authentication, exit 7]"),
  });
  expect((await failedLogins()) - before).toBe(1);
});

test("a client certificate is shown to the server that asks for one", async () => {
  const certificate = { sslmode: "verify-full", sslrootcert: authority.cert, sslcert: certified.cert };

  expect(await up({ ...certificate, sslkey: certified.key }, { user: "certified" })).toMatchObject({
    code: 0,
    stderr: "",
  });
  expect(await wasEncrypted()).toBe(true);
  expect(await up({ sslmode: "require" }, { user: "certified" })).toMatchObject({ code: 7 });
});

test("sslnegotiation=direct works from PostgreSQL 17 on; an older server is told by name", async () => {
  const result = await up({ sslmode: "verify-full", sslrootcert: authority.cert, sslnegotiation: "direct" });

  if (testBinaries().major >= 17) {
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(await wasEncrypted()).toBe(true);
  } else {
    expect(result).toMatchObject({ code: 7, stderr: expect.stringContaining("needs PostgreSQL 17 or later") });
  }
});

/** How often the server refused a login. */
async function failedLogins(): Promise<number> {
  const [row] = await queryAt(
    server.url,
    "SELECT pg_read_file(current_setting('data_directory') || '/../postgres.log') AS log",
  );
  return String(row?.log).match(/authentication failed/g)?.length ?? 0;
}
