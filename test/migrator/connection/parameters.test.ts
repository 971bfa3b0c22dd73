import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ConnectionConfig, type ConnectionSettings, toClientConfig } from "../../../migrator/connection/config";
import { exitCodes, SchemagateError } from "../../../migrator/errors";
import { connectionConfig } from "../../../migrator/index";
import { useTestDatabase } from "../../support/database";
import { jsonLines, makeDirectory, runBin, runMigrator, writeMigrations } from "../../support/migrator";

type Env = ConnectionSettings["env"];

function config(databaseUrl: string | undefined, env: Env = {}): ConnectionConfig {
  return toClientConfig({ databaseUrl, auth: "password", env });
}

const withQuery = (query: string) => `postgres://api@db.example/orders?${query}`;

/** What is refused, as a person reads it. */
function refused(databaseUrl: string | undefined, env: Env = {}): { code: string; text: string }[] {
  try {
    config(databaseUrl, env);
  } catch (error) {
    if (error instanceof SchemagateError && error.exitCode === exitCodes.usage) {
      const problems = error.problems.length > 0 ? error.problems : [error];
      return problems.map(({ code, message, hint }) => ({ code, text: `${message}. ${hint}` }));
    }
    throw error;
  }
  return [];
}

describe("what libpq honours is honoured", () => {
  it.each<[string, Partial<ConnectionConfig>]>([
    ["options=-csearch_path%3Dapp", { options: "-csearch_path=app" }],
    ["options=-c%20search_path%3Dapp%20-c%20work_mem%3D1MB", { options: "-c search_path=app -c work_mem=1MB" }],
    ["application_name=orders-migrator", { application_name: "orders-migrator" }],
    ["fallback_application_name=orders", { application_name: "orders" }],
    ["connect_timeout=3", { connectionTimeoutMillis: 3_000 }],
    ["keepalives=0", { keepAlive: false }],
    ["keepalives_idle=30", { keepAliveInitialDelayMillis: 30_000 }],
    ["port=6000", { port: 6_000 }],
    ["password=a%26b%2Bc+d", { password: "a&b+c+d" }],
    ["target_session_attrs=read-write", { sessionAttrs: "read-write" }],
    ["ssl_min_protocol_version=TLSv1.3", { ssl: { rejectUnauthorized: true, minVersion: "TLSv1.3" } }],
    ["ssl_max_protocol_version=TLSv1.2", { ssl: { rejectUnauthorized: true, maxVersion: "TLSv1.2" } }],
  ])("%s", (query, expected) => {
    expect(config(withQuery(query))).toMatchObject(expected);
  });

  it.each<[Env, Partial<ConnectionConfig>]>([
    [{ PGOPTIONS: "-c search_path=app" }, { options: "-c search_path=app" }],
    [{ PGAPPNAME: "orders" }, { application_name: "orders" }],
    [{ PGCONNECT_TIMEOUT: "4" }, { connectionTimeoutMillis: 4_000 }],
    [{ PGTARGETSESSIONATTRS: "primary" }, { sessionAttrs: "primary" }],
    [{ PGSSLNEGOTIATION: "direct" }, { sslnegotiation: "direct" }],
    [{ PGSSLMINPROTOCOLVERSION: "TLSv1.3" }, { ssl: { rejectUnauthorized: true, minVersion: "TLSv1.3" } }],
  ])("%j", (env, expected) => {
    expect(config("postgres://api@db.example/orders", env)).toMatchObject(expected);
  });

  it("user, host and database in the query", () => {
    const parts = "host=db.example&user=me%40tenant.example&dbname=orders";

    expect(config(`postgres://?${parts}`)).toMatchObject({
      ...{ host: "db.example", user: "me@tenant.example", database: "orders" },
    });
    expect(config("postgres://api@localhost/orders?host=/cloudsql/a:b:c")).toMatchObject({ host: "/cloudsql/a:b:c" });
    expect(config("postgres://api@[::1]:6000/orders")).toMatchObject({ host: "::1", port: 6_000 });
    expect(config("postgres://api@%2Frun%2Fpostgresql/orders")).toMatchObject({ host: "/run/postgresql" });
  });

  it("the URL wins over a variable, and an empty one of either counts as unset", () => {
    expect(config(withQuery("options=-ca%3Db"), { PGOPTIONS: "-c c=d" })).toMatchObject({ options: "-ca=b" });
    expect(config(withQuery("sslmode=&channel_binding="), { PGSERVICE: "", PGSSLMODE: "" })).toMatchObject({
      ssl: { rejectUnauthorized: true },
    });
  });
});

test("what asks for nothing passes", () => {
  const harmless =
    "channel_binding=prefer&gssencmode=disable&target_session_attrs=any&sslcompression=0&client_encoding=UTF8" +
    "&load_balance_hosts=disable&sslsni=1&uselibpqcompat=true&requiressl=0&replication=false";
  const env = { PGCHANNELBINDING: "disable", PGGSSENCMODE: "prefer", PGCLIENTENCODING: "utf8" };

  expect(refused(withQuery(harmless), env)).toEqual([]);
});

describe("what libpq would obey and schemagate does not is refused by name", () => {
  it.each([
    ["channel_binding=require", "PGCHANNELBINDING=require"],
    ["require_auth=scram-sha-256", "PGREQUIREAUTH=scram-sha-256"],
    ["gssencmode=require", "PGGSSENCMODE=require"],
    ["sslcrl=/etc/crl.pem", "PGSSLCRL=/etc/crl.pem"],
    ["requirepeer=postgres", "PGREQUIREPEER=postgres"],
    ["hostaddr=10.0.0.1", "PGHOSTADDR=10.0.0.1"],
    ["service=prod", "PGSERVICE=prod"],
    ["servicefile=/etc/services", "PGSERVICEFILE=/etc/services"],
    ["client_encoding=LATIN1", "PGCLIENTENCODING=LATIN1"],
    ["sslsni=0", "PGSSLSNI=0"],
  ])("%s and %s", (query, variable) => {
    const [name = "", value = ""] = variable.split("=");
    const [asParameter, ...others] = refused(withQuery(query));
    const [asVariable] = refused("postgres://api@db.example/orders", { [name]: value });

    expect(others).toEqual([]);
    expect(asParameter?.text).toMatch(new RegExp(`^${query.split("=")[0]} in the database URL asks for something`));
    expect(asVariable?.text).toMatch(new RegExp(`^${name} asks for something`));
    expect([asParameter?.code, asVariable?.code]).toEqual(Array(2).fill("unsupported-parameter"));
  });

  it.each(["PGTZ", "PGDATESTYLE", "PGGEQO"])("%s, with what says it as well", (name) => {
    expect(refused("postgres://api@db.example/orders", { [name]: "x" })).toEqual([
      { code: "unsupported-parameter", text: expect.stringContaining("PGOPTIONS says it as well: -c") },
    ]);
  });

  it.each(["PGSERVICE", "PGHOSTADDR"])("%s alone, instead of the embedded server", async (name) => {
    const { code, stderr, stdout } = await runMigrator(["history"], { [name]: "prod" });

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(jsonLines(stderr)).toMatchObject([
      { code: "unsupported-parameter", message: expect.stringContaining(name) },
    ]);
  });
});

describe("what nobody knows is refused, with what is meant", () => {
  it.each([
    ["schema=app", "So called by Prisma: write options=-csearch_path%3DNAME"],
    ["search_path=app", "So called by pgx, sqlx and golang-migrate: write options=-csearch_path%3DNAME"],
    ["currentSchema=app", "So called by JDBC: write options=-csearch_path%3DNAME"],
    ["ssl=require", "So called by JDBC and node-postgres: write sslmode=verify-full"],
    ["ssl=true", "sslmode=require to encrypt without proof"],
    ["connection_limit=1", "So called by Prisma: leave it out"],
    ["x-migrations-table=m", "--ledger-schema"],
    ["aplication_name=a", "Did you mean application_name?"],
    ["ssl_mode=require", "Did you mean sslmode?"],
    ["statement_timeout=5", "options=-cNAME%3DVALUE"],
    ["constructor=5", "options=-cNAME%3DVALUE"],
  ])("%s", (query, words) => {
    expect(refused(withQuery(query))).toEqual([{ code: "unknown-parameter", text: expect.stringContaining(words) }]);
    expect(refused(withQuery(query))[0]?.text).toContain(`"${query.split("=")[0]}"`);
  });

  it("all of it at once, variables too", () => {
    const codes = refused(withQuery("schema=app&sslmode=some&channel_binding=require&port=x"), {
      PGREQUIREAUTH: "password",
    }).map(({ code }) => code);

    expect(codes.sort()).toEqual([
      "bad-port",
      "bad-sslmode",
      "unknown-parameter",
      "unsupported-parameter",
      "unsupported-parameter",
    ]);
  });
});

describe("a value that means nothing is refused", () => {
  it.each([
    ["sslmode=no-verify", "bad-sslmode"],
    ["sslmode=verify_full", "bad-sslmode"],
    ["connect_timeout=soon", "bad-connect-timeout"],
    ["keepalives=yes", "bad-keepalives"],
    ["target_session_attrs=master", "bad-target-session-attrs"],
    ["ssl_min_protocol_version=1.2", "bad-tls-version"],
    ["ssl_min_protocol_version=TLSv1.3&ssl_max_protocol_version=TLSv1.2", "bad-tls-version"],
    ["options=-c+search_path%3Dapp", "bad-options"],
    ["port=0", "bad-port"],
    ["port=65536", "bad-port"],
  ])("%s", (query, code) => {
    expect(refused(withQuery(query))).toMatchObject([{ code }]);
  });

  it.each(["sslmode=require&sslmode=disable", "user=other", "host=other.example"])("%s: twice", (query) => {
    expect(refused(withQuery(query))).toMatchObject([{ code: "duplicate-parameter" }]);
  });
});

describe("several hosts are refused at once", () => {
  it.each<[string | undefined, Env]>([
    ["postgres://api@host1:1,host2:5432/orders", {}],
    ["postgres://api@db1,db2/orders", {}],
    ["postgres://api@db1%2Cdb2/orders", {}],
    ["postgres:///orders?host=db1,db2&user=api", {}],
    ["postgres:///orders?host=db1&port=1,2&user=api", {}],
    [undefined, { PGHOST: "db1,db2" }],
    ["postgres:///orders", { PGPORT: "5432,5433", PGHOST: "db1" }],
  ])("%s %j", (databaseUrl, env) => {
    expect(refused(databaseUrl, env)).toMatchObject([{ code: "several-hosts" }]);
  });
});

test("what is not obeyed by a pool is refused where a pool's configuration is made", () => {
  const url = withQuery("target_session_attrs=read-write");

  expect(() => connectionConfig({ DATABASE_URL: url })).toThrow(/target_session_attrs/);
  expect(() => connectionConfig({ DATABASE_URL: withQuery("target_session_attrs=any") })).not.toThrow();
});

describe("at a server", () => {
  const database = useTestDatabase();
  const table = (name: string) => `-- migrate:up\nCREATE TABLE ${name} (id integer);\n`;
  const dir = writeMigrations({ "1_a.sql": table("a"), "2_b.sql": table("b") });
  const through = (query: string) => `${database.url}?${query}`;
  const placed = () =>
    database.query("SELECT schemaname AS schema FROM pg_tables WHERE tablename IN ('a', 'b') ORDER BY tablename");

  it.each(["run in this process", "run as an init container runs it"])(
    "options reach each migration, %s",
    async (how) => {
      await database.query("CREATE SCHEMA app");
      const env = { DATABASE_URL: through("options=-csearch_path%3Dapp"), SCHEMAGATE_DIR: dir };

      const ended = how.endsWith("process") ? await runMigrator(["up", "--json"], env) : await runBin(["up"], env);

      expect(ended).toMatchObject({ code: 0, stderr: "" });
      expect(await placed()).toEqual([{ schema: "app" }, { schema: "app" }]);
      // With nothing to do, too, which begins to connect before all is loaded.
      expect(await runBin(["up"], env)).toMatchObject({ code: 0, stderr: "" });
    },
  );

  it("the file of PGPASSFILE holds the password", async () => {
    const url = new URL(database.url);
    const file = join(makeDirectory(), "pgpass");
    writeFileSync(file, `${url.hostname}:${url.port}:*:${url.username}:${url.password}\n`, { mode: 0o600 });
    url.password = "";
    const env = { DATABASE_URL: url.href, SCHEMAGATE_DIR: dir };

    expect(await runBin(["up"], { ...env, PGPASSFILE: file })).toMatchObject({ code: 0 });
    expect(await runBin(["up"], { ...env, PGPASSFILE: "/no/such/file" })).toMatchObject({ code: 7 });
  });

  it("application_name is what the server is told", async () => {
    const name = "SELECT current_setting('application_name') AS name";
    const set = writeMigrations({ "1_a.sql": `-- migrate:up\nCREATE TABLE a AS ${name};\n` });

    await runMigrator(["up", "--dir", set], { DATABASE_URL: through("application_name=orders%20migrator") });

    expect(await database.query("SELECT name FROM a")).toEqual([{ name: "orders migrator" }]);
  });

  it.each([
    ["read-write", 0],
    ["primary", 0],
    ["read-only", 7],
    ["standby", 7],
  ])("target_session_attrs=%s of a primary that takes writes: exit %d", async (wanted, code) => {
    const ended = await runMigrator(["up", "--dir", dir], { DATABASE_URL: through(`target_session_attrs=${wanted}`) });

    expect(ended.code).toBe(code);
    expect(ended.stderr).toEqual(code === 0 ? "" : expect.stringContaining(`target_session_attrs asks for ${wanted}`));
  });

  it("target_session_attrs=read-write of a database that takes no writes: exit 7, and at once", async () => {
    await database.query(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);

    const ended = await runMigrator(["up", "--dir", dir], {
      DATABASE_URL: through("target_session_attrs=read-write"),
    });

    expect(ended).toMatchObject({ code: 7, stderr: expect.stringContaining("is read-only") });
    expect(ended.stderr).not.toContain("connect-retry");
  });
});
