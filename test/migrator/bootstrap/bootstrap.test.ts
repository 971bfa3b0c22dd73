import { randomBytes } from "node:crypto";
import { isCurrent, loadSource } from "../../../migrator";
import { mappedObjectId } from "../../../migrator/bootstrap/apply";
import { scramVerifier } from "../../../migrator/bootstrap/password";
import { createTestDatabase, serverUrl, type TestDatabase, testBinaries, withClient } from "../../support/database";
import { behindTarget, jsonLines, runMigrator, writeMigrations } from "../../support/migrator";

const migrations = {
  "20260101000001_one.sql":
    "-- migrate:up\nCREATE TABLE one (id serial, word text);\n-- migrate:down\nDROP TABLE one;\n",
};

let database: TestDatabase;
/** Roles belong to the whole server: each test has names of its own. */
let names: { admin: string; migrator: string; app: string };
let secret: string;

beforeEach(async () => {
  database = await createTestDatabase();
  const id = randomBytes(4).toString("hex");
  secret = `pa:ss/${id}@'"\\`;
  names = { admin: `admin_${id}`, migrator: `Migrator "${id}"`, app: `app'${id}$do$` };
  // As on Azure: no superuser, but the database's owner, who may make roles.
  await database.query(`CREATE ROLE ${names.admin} LOGIN CREATEROLE CREATEDB PASSWORD 'admin'`);
  await database.query(`ALTER DATABASE ${database.name} OWNER TO ${names.admin}`);
  // As from PostgreSQL 15 on.
  await database.query("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
});

afterEach(async () => {
  await database.drop();
  await withClient(serverUrl(), async (client) => {
    for (const role of [names.migrator, names.app, names.admin]) {
      await client.query(`DROP ROLE IF EXISTS ${client.escapeIdentifier(role)}`);
    }
  });
});

function urlOf(role: string, password: string): string {
  const url = new URL(database.url);
  url.username = encodeURIComponent(role);
  url.password = encodeURIComponent(password);
  return url.href;
}

function bootstrap(more: readonly string[] = [], env: NodeJS.ProcessEnv = {}, url = urlOf(names.admin, "admin")) {
  const roles = ["--migrator-role", names.migrator, "--app-role", names.app];
  const running = runMigrator(["bootstrap", "--no-json", "--database-url", url, ...roles, ...more], env);
  return more.includes("--sql") ? running : behindTarget(running);
}

const passwords = () => ({ SCHEMAGATE_MIGRATOR_PASSWORD: secret, SCHEMAGATE_APP_PASSWORD: `${secret}2` });

function up(password: string, ...more: string[]) {
  const url = urlOf(names.migrator, password);
  return runMigrator(["up", "--no-json", "--dir", writeMigrations(migrations), "--database-url", url, ...more]);
}

/** What an app does, and what it must not be able to do. */
async function useAsApp(password: string): Promise<Record<string, unknown>> {
  const source = await loadSource(writeMigrations(migrations));
  return withClient(urlOf(names.app, password), async (client) => {
    const codeOf = (sql: string) =>
      client.query(sql).then(
        () => "allowed",
        ({ code }) => code,
      );
    await client.query("INSERT INTO one (word) VALUES ('a')");
    await client.query("UPDATE one SET word = 'b'");
    const { rows } = await client.query("SELECT * FROM one");
    await client.query("DELETE FROM one");
    return {
      rows,
      current: await isCurrent(client, source),
      create: await codeOf("CREATE TABLE mine (id integer)"),
      drop: await codeOf("DROP TABLE one"),
      alter: await codeOf("ALTER TABLE one ADD COLUMN x integer"),
      truncate: await codeOf("TRUNCATE one"),
      schema: await codeOf("CREATE SCHEMA mine"),
      forge: await codeOf("DELETE FROM schemagate.migrations"),
    };
  });
}

const asAppShould = {
  rows: [{ id: 1, word: "b" }],
  current: true,
  create: "42501",
  drop: "42501",
  alter: "42501",
  truncate: "42501",
  schema: "42501",
  forge: "42501",
};

test("an admin that is no superuser prepares a database in which the migrator migrates and the app only reads and writes", async () => {
  const result = await bootstrap([], passwords());

  expect(result).toMatchObject({ code: 0, stderr: "", stdout: expect.stringMatching(/\n\d+ changed\n$/) });
  expect(await up(secret)).toMatchObject({ code: 0, stdout: expect.stringContaining("1 migration applied") });
  expect(await useAsApp(`${secret}2`)).toEqual(asAppShould);
  expect(
    await database.query("SELECT tableowner FROM pg_tables WHERE schemaname IN ('app', 'schemagate') GROUP BY 1"),
  ).toEqual([{ tableowner: names.migrator }]);
});

test("a second run changes nothing and says so", async () => {
  await bootstrap([], passwords());
  await up(secret);

  expect(await bootstrap([], passwords())).toEqual({
    code: 0,
    stderr: "",
    stdout: "nothing to change: everything is as asked\n",
  });
});

test("the admin owns nothing and is no member of the migrator's role afterwards", async () => {
  await bootstrap();

  const rows = await database.query(
    "SELECT pg_has_role($1, $2, 'USAGE') AS usage, (SELECT count(*)::integer FROM pg_namespace WHERE nspowner = $1::regrole) AS owned",
    [names.admin, names.migrator],
  );
  expect(rows).toEqual([{ usage: false, owned: 0 }]);
});

test("tables that were there before are covered too, and what was taken away is given back", async () => {
  await bootstrap([], passwords());
  await up(secret);
  await database.query(`REVOKE ALL ON app.one FROM PUBLIC, "${names.app}"`);

  const result = await bootstrap(["--json"], passwords());

  expect(jsonLines(result.stdout)).toMatchObject([
    { event: "bootstrapped", changed: [expect.stringContaining('DELETE on all tables in "app"')], notes: [] },
  ]);
});

test("a new password is set, and no output ever shows one", async () => {
  await bootstrap([], passwords());

  const result = await bootstrap([], { ...passwords(), SCHEMAGATE_MIGRATOR_PASSWORD: "another" });

  expect(result.stdout).toMatch(/^✔ password of "Migrator .*\n1 changed\n$/);
  expect((await up("another")).code).toBe(0);
  expect(await up(secret)).toMatchObject({ code: 7, stderr: expect.stringContaining("[authentication, exit 7]") });
  for (const text of [secret, "another", "SCRAM"]) {
    expect(result.stdout + result.stderr).not.toContain(text);
  }
});

test("migrator and app may share one role", async () => {
  const result = await bootstrap(["--app-role", names.migrator], { SCHEMAGATE_APP_PASSWORD: secret });

  expect(result).toMatchObject({ code: 0, stderr: "" });
  expect((await up(secret)).code).toBe(0);
  expect((await bootstrap(["--app-role", names.migrator], { SCHEMAGATE_APP_PASSWORD: secret })).stdout).toContain(
    "nothing to change",
  );
});

test("schemas may have any name", async () => {
  const schemas = ["--schema", 'Orders "2"', "--ledger-schema", "the ledger's"];

  expect(await bootstrap(schemas, passwords())).toMatchObject({ code: 0, stderr: "" });
  expect(await up(secret, "--ledger-schema", "the ledger's")).toMatchObject({ code: 0, stderr: "" });
  expect((await bootstrap(schemas, passwords())).stdout).toContain("nothing to change");
  expect(await database.query("SELECT schemaname FROM pg_tables WHERE tablename = 'one'")).toEqual([
    { schemaname: 'Orders "2"' },
  ]);
});

test("--sql prints a script that needs no database, says the same, and may be run twice", async () => {
  const script = await bootstrap(["--sql"], passwords(), "postgres://nobody@127.0.0.1:1/nowhere");

  expect(script).toMatchObject({ code: 0, stderr: "" });
  expect(script.stdout).not.toContain(secret);
  const sql = script.stdout.replace(/^\\.*$/gm, "");
  await withClient(urlOf(names.admin, "admin"), async (client) => {
    await client.query(sql);
    await client.query(sql);
  });
  expect((await bootstrap()).stdout).toBe("nothing to change: everything is as asked\n");
});

describe("with Entra principals", () => {
  const ids = [
    "--migrator-object-id",
    "11111111-2222-3333-4444-555555555555",
    "--app-object-id",
    "AAAAAAAA-2222-3333-4444-555555555555",
  ];

  /** Stands in for Azure's function: makes the role, and writes down what it was given. */
  async function defineStandIn(): Promise<void> {
    await withClient(postgresUrl(), async (client) => {
      await client.query("CREATE TABLE IF NOT EXISTS principals (role text, arguments text)");
      await client.query("GRANT INSERT ON principals TO PUBLIC");
      await client.query(`CREATE OR REPLACE FUNCTION
        pgaadauth_create_principal_with_oid(role text, oid text, type text, admin boolean, mfa boolean) RETURNS text
        LANGUAGE plpgsql AS $$ BEGIN
          EXECUTE format('CREATE ROLE %I LOGIN', role);
          INSERT INTO principals VALUES (role, concat_ws(' ', oid, type, admin, mfa));
          RETURN 'Created role for ' || role;
        END $$`);
    });
  }

  function postgresUrl(): string {
    const url = new URL(serverUrl());
    url.pathname = "/postgres";
    return url.href;
  }

  afterEach(() =>
    withClient(postgresUrl(), async (client) => {
      await client.query("DROP FUNCTION IF EXISTS pgaadauth_create_principal_with_oid");
      await client.query("DROP TABLE IF EXISTS principals");
    }),
  );

  test("roles are made by Azure's function in the database postgres, once", async () => {
    await defineStandIn();

    expect(await bootstrap(ids)).toMatchObject({ code: 0, stderr: "" });
    // The app's database was named before, and that of the roles behind it.
    expect((await bootstrap(ids)).stdout).toMatch(
      /^database "postgres" at .*\nnothing to change: everything is as asked\n$/,
    );

    const calls = await withClient(postgresUrl(), (client) => client.query("SELECT * FROM principals ORDER BY 1"));
    expect(calls.rows).toEqual(
      [
        { role: names.app, arguments: "aaaaaaaa-2222-3333-4444-555555555555 service f f" },
        { role: names.migrator, arguments: "11111111-2222-3333-4444-555555555555 service f f" },
      ].sort((a, b) => (a.role < b.role ? -1 : 1)),
    );
  });

  test("fails on another app's schemas before any role is made", async () => {
    await defineStandIn();
    await database.query("CREATE ROLE other_app LOGIN; CREATE SCHEMA app AUTHORIZATION other_app");
    try {
      expect(await bootstrap(ids)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('role "other_app" owns schema "app"'),
      });
      expect(
        await database.query("SELECT FROM pg_roles WHERE rolname = ANY ($1)", [[names.app, names.migrator]]),
      ).toEqual([]);
    } finally {
      await database.query("DROP OWNED BY other_app; DROP ROLE other_app");
    }
  });

  test("the script has a part for the database postgres", async () => {
    await defineStandIn();
    const { stdout } = await bootstrap([...ids, "--sql"]);
    const [before = "", inPostgres = "", inDatabase = ""] = stdout.split(/^\\connect.*$/m);

    expect(before).toContain("\\set app_database :DBNAME");
    const url = new URL(postgresUrl());
    [url.username, url.password] = [names.admin, "admin"];
    await withClient(url.href, (client) => client.query(inPostgres));
    await withClient(urlOf(names.admin, "admin"), (client) => client.query(inDatabase));
    expect((await bootstrap(ids)).stdout).toContain("nothing to change");
  });

  test("fails when the server has no such function", async () => {
    expect(await bootstrap(ids)).toMatchObject({ code: 2, stderr: expect.stringContaining("[no-entra, exit 2]") });
  });

  test("fails when nothing names the server", async () => {
    const args = ["bootstrap", "--migrator-role", "m", "--app-role", "a", ...ids];

    expect(await runMigrator([...args, "--no-json"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("[no-database-named, exit 2]"),
    });
  });

  test("the object id is found in Azure's label of a role", () => {
    expect(mappedObjectId("aadauth,oid=11111111-2222-3333-4444-55555555555A,type=service")).toBe(
      "11111111-2222-3333-4444-55555555555a",
    );
    expect(mappedObjectId("aadauth")).toBeUndefined();
    expect(mappedObjectId(undefined)).toBeUndefined();
  });
});

test("fails when the admin may not make roles, and changes nothing", async () => {
  await database.query(`ALTER ROLE ${names.admin} NOCREATEROLE`);

  const result = await bootstrap();

  expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining("[bootstrap-denied, exit 2]") });
  expect(await database.query("SELECT to_regnamespace('app') AS found")).toEqual([{ found: null }]);
});

test("fails when a role is a superuser's, and rolls back what came before", async () => {
  await database.query(`CREATE ROLE "${names.app}" SUPERUSER NOLOGIN`);

  const result = await bootstrap();

  expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining("[bootstrap-denied, exit 2]") });
  expect(await database.query("SELECT FROM pg_roles WHERE rolname = $1", [names.migrator])).toEqual([]);
});

test("roles of another admin are used where PostgreSQL allows it: before 16, or with ADMIN OPTION on them", async () => {
  const quoted = [names.migrator, names.app].map((name) => `"${name.replaceAll('"', '""')}"`);
  await database.query(quoted.map((name) => `CREATE ROLE ${name} LOGIN`).join("; "));

  if (testBinaries().major >= 16) {
    expect(await bootstrap()).toMatchObject({ code: 2, stderr: expect.stringContaining("ADMIN OPTION") });
    await database.query(`GRANT ${quoted.join(", ")} TO ${names.admin} WITH ADMIN OPTION`);
  }
  expect(await bootstrap()).toMatchObject({ code: 0, stderr: "" });
});

test("tables of another owner fail as long as only that owner can grant them; then they, and rights that bootstrap never gave, are noted", async () => {
  await bootstrap();
  await database.query("GRANT CREATE ON SCHEMA public TO PUBLIC");
  await database.query(`GRANT CREATE ON SCHEMA app TO "${names.app}"`);
  await database.query("CREATE TABLE app.foreign ()");
  expect(await bootstrap()).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("permission denied for table foreign"),
  });
  await database.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON app.foreign TO "${names.app}"`);

  const result = await bootstrap(["--json"]);

  expect(jsonLines(result.stdout)[0]?.notes).toEqual([
    `1 object in schema "app" belongs to another role than "${names.migrator}", which cannot alter it`,
    `"${names.app}" may create in schema "app": it has more rights than bootstrap gave it`,
    "every role may create in schema public, as before PostgreSQL 15: REVOKE CREATE ON SCHEMA public FROM PUBLIC",
  ]);
});

test("fails when the admin does not own the database", async () => {
  await database.query(`ALTER DATABASE ${database.name} OWNER TO postgres`);

  const result = await bootstrap();

  expect(result).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("has CONNECT, CREATE, TEMPORARY on the database"),
  });
});

test("fails when the server is read-only, and says that nothing stays", async () => {
  await database.query(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);

  const result = await bootstrap();

  expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining("[bootstrap-failed, exit 6]") });
});

test("fails when options contradict each other, with all of it at once", async () => {
  const result = await runMigrator(
    [
      ...["bootstrap", "--no-json", "--schema", "x", "--ledger-schema", "x"],
      ...["--app-role", "a", "--app-object-id", "11111111-2222-3333-4444-555555555555"],
    ],
    { SCHEMAGATE_APP_PASSWORD: "päss" },
  );

  expect(result.code).toBe(2);
  for (const code of ["no-role", "same-schema", "password-of-principal", "bad-password"]) {
    expect(result.stderr).toContain(`[${code}]`);
  }
  expect(result.stderr).not.toContain("päss");
});

test("fails when one role is given two passwords", async () => {
  const result = await runMigrator(["bootstrap", "--no-json", "--migrator-role", "a", "--app-role", "a"], passwords());

  expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining("[shared-role, exit 2]") });
});

test("fails when a name is PostgreSQL's own, or no object id", async () => {
  const result = await runMigrator([
    "bootstrap",
    "--no-json",
    "--migrator-role",
    "pg_monitor",
    "--app-object-id",
    "me",
  ]);

  expect(result.code).toBe(2);
  expect(result.stderr).toContain("--migrator-role");
  expect(result.stderr).toContain("--app-object-id");
});

test("three bootstraps at once end well, and one of them does the work", async () => {
  const results = await Promise.all([bootstrap(), bootstrap(), bootstrap()]);

  expect(results.map(({ code, stderr }) => ({ code, stderr }))).toEqual(Array(3).fill({ code: 0, stderr: "" }));
  expect(results.filter(({ stdout }) => stdout.startsWith("nothing to change"))).toHaveLength(2);
});

test("a password is hashed as PostgreSQL stores it", () => {
  // Password and salt of RFC 7677, section 3; the verifier is what PostgreSQL makes of them.
  expect(scramVerifier("pencil", Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64"))).toBe(
    "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==" +
      "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
  );
});
