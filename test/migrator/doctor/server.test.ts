import { startTestServer, type TestServer, withClient } from "../../support/database";
import { jsonLines, runMigrator, writeMigrations } from "../../support/migrator";
import { makeAuthority } from "../../support/tls";

/** A server with a certificate for "localhost", and with prepared transactions. */
let server: TestServer;
let authority: string;

beforeAll(async () => {
  const { cert, issue } = makeAuthority("test authority");
  authority = cert;
  const certificate = issue("localhost", "DNS:localhost");
  server = await startTestServer([
    ...["ssl=on", `ssl_cert_file=${certificate.cert}`, `ssl_key_file=${certificate.key}`],
    "max_prepared_transactions=2",
  ]);
});

afterAll(() => server.remove());

async function examine(parameters: string, host = "localhost") {
  const url = new URL(server.url);
  url.hostname = host;
  const dir = writeMigrations({ "20260101000001_one.sql": "-- migrate:up\nCREATE TABLE one ();\n" });
  const args = ["doctor", "--json", "--dir", dir, "--database-url", `${url.href}?${parameters}`];
  const { code, stdout } = await runMigrator(args);
  const checks = jsonLines(stdout)[0]?.checks as { code: string; status: string; message: string }[];
  return { code, checks, tls: checks.find((check) => check.code === "tls") };
}

test("TLS whose certificate proves the server is fine", async () => {
  expect(await examine(`sslmode=verify-full&sslrootcert=${authority}`)).toMatchObject({
    code: 0,
    tls: { status: "ok", message: "TLSv1.3, certificate and host name verified" },
  });
});

test("TLS that nobody verified is a warning, and says what would not have passed", async () => {
  expect(await examine("sslmode=require")).toMatchObject({
    code: 0,
    tls: {
      status: "warning",
      message: expect.stringMatching(/^TLSv1\.3, but the server has not proved that it is localhost: \w+/),
    },
  });
});

test("TLS of another host's name is a warning", async () => {
  expect(await examine(`sslmode=verify-ca&sslrootcert=${authority}`, "127.0.0.1")).toMatchObject({
    code: 0,
    tls: { status: "warning", message: expect.stringContaining("127.0.0.1") },
  });
});

test("a certificate that does not verify exits 7", async () => {
  const { code, checks } = await examine("sslmode=verify-full");

  expect(code).toBe(7);
  expect(checks).toContainEqual(expect.objectContaining({ code: "tls", status: "problem" }));
});

test("a prepared transaction is named", async () => {
  await withClient(server.url, async (client) => {
    await client.query("BEGIN; CREATE TABLE kept (); PREPARE TRANSACTION 'forgotten'");
  });

  const { code, checks } = await examine("");

  expect(code).toBe(0);
  expect(checks).toContainEqual(
    expect.objectContaining({
      code: "prepared-transaction",
      status: "warning",
      message: expect.stringMatching(
        /^transaction "forgotten" of "postgres" has been prepared since .* and keeps its locks$/,
      ),
    }),
  );
});
