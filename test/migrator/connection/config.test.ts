import {
  applicationName,
  type ConnectionSettings,
  namesDatabase,
  toClientConfig,
} from "../../../migrator/connection/config";
import { connectionConfig } from "../../../migrator/index";

function config(databaseUrl: string | undefined, env: ConnectionSettings["env"] = {}) {
  return toClientConfig({ databaseUrl, auth: "password", env });
}

test("takes from the PG* variables what the URL leaves out", () => {
  expect(config("postgres://db.example/orders", { PGUSER: "api", PGPASSWORD: "secret", PGPORT: "6000" })).toMatchObject(
    {
      host: "db.example",
      port: 6000,
      user: "api",
      password: "secret",
      database: "orders",
    },
  );
});

const unverified = { rejectUnauthorized: false };
const verified = { rejectUnauthorized: true };

test("verifies certificate and host name by default, except on this machine", () => {
  expect(config("postgres://u@db.example/d").ssl).toEqual(verified);
  expect(config("postgres://u@127.0.0.1.example/d").ssl).toEqual(verified);
  expect(config("postgres://u@127.0.0.1/d").ssl).toBe(false);
  expect(config(undefined, { PGHOST: "/var/run/postgresql", PGDATABASE: "d" }).ssl).toBe(false);
});

test.each([
  ["disable", false, undefined],
  ["allow", unverified, [false, unverified]],
  ["prefer", unverified, [unverified, false]],
  ["require", unverified, undefined],
  ["verify-ca", { ...verified, checkServerIdentity: expect.any(Function) }, undefined],
  ["verify-full", verified, undefined],
])("sslmode=%s is taken from URL and PGSSLMODE alike", (mode, ssl, sslAttempts) => {
  for (const tls of [
    config(`postgres://u@db.example/d?sslmode=${mode}`),
    config("postgres://u@db.example/d", { PGSSLMODE: mode }),
  ]) {
    expect([tls.ssl, tls.sslAttempts]).toEqual([ssl, sslAttempts]);
  }
});

test.each(["allow", "prefer"])("for a pool, which makes one attempt, sslmode=%s means TLS or nothing", (mode) => {
  expect(connectionConfig({ DATABASE_URL: `postgres://u@db.example/d?sslmode=${mode}` }).ssl).toEqual(unverified);
});

test("nothing is encrypted on the way through a Unix socket, whatever sslmode says", () => {
  const env = { PGHOST: "/var/run/postgresql", PGDATABASE: "d", PGSSLMODE: "verify-full", PGSSLNEGOTIATION: "direct" };
  expect(config(undefined, env)).toMatchObject({ ssl: false, sslnegotiation: "postgres" });
});

test.each([
  ["sslmode=sometimes", 'sslmode "sometimes" is unknown'],
  ["sslmode=require&sslrootcert=system", 'sslmode "require" is too weak for sslrootcert "system"'],
  ["sslmode=prefer&sslnegotiation=direct", 'sslmode "prefer" is too weak for sslnegotiation "direct"'],
  ["sslnegotiation=maybe", 'sslnegotiation "maybe" is unknown'],
  ["sslcert=/a.crt", "sslcert is set without sslkey"],
  ["sslrootcert=/no/such/file", "sslrootcert (/no/such/file) cannot be read"],
])("fails when TLS is asked for as %s", (query, message) => {
  expect(() => config(`postgres://u@db.example/d?${query}`)).toThrow(message);
});

test("takes the host from PGHOST when the URL has none", () => {
  expect(config("postgres://u@/d", { PGHOST: "db.example" })).toMatchObject({ host: "db.example", database: "d" });
});

test("fails when Entra authentication has no role name", () => {
  expect(() => toClientConfig({ databaseUrl: undefined, auth: "entra", env: { PGHOST: "db.example" } })).toThrow(
    "Entra authentication needs the name of the database role",
  );
});

test("keeps the connection alive, so that a dead peer does not hold the lock", () => {
  expect(config("postgres://u@db.example/d")).toMatchObject({ keepAlive: true, keepAliveInitialDelayMillis: 10_000 });
});

test("only what names a server or a database counts as naming one", () => {
  expect(namesDatabase({ databaseUrl: undefined, env: { PGUSER: "me", PGPASSWORD: "x" } })).toBe(false);
  expect(namesDatabase({ databaseUrl: undefined, env: { PGHOST: "db" } })).toBe(true);
});

test("the application name fits PostgreSQL's 63 bytes", () => {
  expect(applicationName("1.0.0", "r".repeat(80))).toHaveLength(63);
});
