import { useTestDatabase } from "../../support/database";
import { jsonLines, makeDirectory, runMigrator, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();
const secret = "postgres://shop:Secret1@db/shop";
const dir = writeMigrations({ "1_a.sql": "-- migrate:up\nCREATE TABLE a (id integer);\n" });

async function warningsOf(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string[]> {
  const { stdout, stderr } = await runMigrator([...args, "--json"], { SCHEMAGATE_DIR: dir, ...env });
  expect(stdout + stderr).not.toContain("Secret1");
  return jsonLines(stderr)
    .filter(({ event, code }) => event === "warning" && code === "near-miss")
    .map(({ message, hint }) => `${message}. ${hint}`);
}

/** Nothing names a database; what would be started for it is not, in production. */
const nowhere = { NODE_ENV: "production" };

describe("while nothing names a database", () => {
  it.each([
    ["DATABSE_URL", "DATABASE_URL"],
    ["DATABASE_URI", "DATABASE_URL"],
    ["DATABASEURL", "DATABASE_URL"],
    ["database_url", "DATABASE_URL"],
    ["DB_URL", "DATABASE_URL"],
    ["POSTGRES_URL", "DATABASE_URL"],
    ["POSTGRESQL_DSN", "DATABASE_URL"],
    ["DB_CONNECTION_STRING", "DATABASE_URL"],
    ["SQLALCHEMY_DATABASE_URI", "DATABASE_URL"],
    ["PG_HOST", "PGHOST"],
    ["PGDATBASE", "PGDATABASE"],
  ])("%s is a warning that names %s, and never its value", async (name, meant) => {
    expect(await warningsOf(["status"], { ...nowhere, [name]: secret })).toEqual([
      expect.stringMatching(new RegExp(`the variable ${name} is set, and nothing reads it. Did you mean ${meant}\\?`)),
    ]);
  });

  it("what is set for others, empty, or not needed, is none", async () => {
    const env = {
      ...nowhere,
      DATABASE_DIR: "/x",
      PGUSER: "me",
      HOST: "x",
      SCHEMA_REGISTRY_URL: "http://x",
      DB_URL: "",
    };

    expect(await warningsOf(["status"], env)).toEqual([]);
    expect(await warningsOf(["up", "--sql"], { DATABSE_URL: secret })).toEqual([]);
    expect(await warningsOf(["create", "-m", "x", "--dir", makeDirectory()], { DATABSE_URL: secret })).toEqual([]);
  });
});

describe("whatever names a database", () => {
  const history = (env: NodeJS.ProcessEnv) => warningsOf(["history"], { DATABASE_URL: database.url, ...env });

  it("another variable for it is somebody else's", async () => {
    expect(await history({ DB_URL: secret, POSTGRES_URL: secret })).toEqual([]);
    expect(await warningsOf(["history", "--database-url", database.url], { DATABSE_URL: secret })).toEqual([]);
  });

  it.each([
    ["SCHEMAGATE_LOCKWAIT", "SCHEMAGATE_LOCK_WAIT"],
    ["SCHEMAGATE_LEGDER_SCHEMA", "SCHEMAGATE_LEDGER_SCHEMA"],
    ["SCHEMGATE_DIR", "SCHEMAGATE_DIR"],
    ["SCHEMA_GATE_DIR", "SCHEMAGATE_DIR"],
    ["schemagate_ahead", "SCHEMAGATE_AHEAD"],
  ])("%s is a warning that names %s", async (name, meant) => {
    expect(await history({ [name]: "Secret1" })).toEqual([
      expect.stringContaining(`the variable ${name} is set, and nothing reads it. Did you mean ${meant}?`),
    ]);
  });

  it("variables of other commands, of deployments and of nobody are none", async () => {
    const env = {
      ...{ SCHEMAGATE_SCRATCH_URL: secret, SCHEMAGATE_IMAGE_VERSION: "1", SCHEMAGATE_IMAGE_TAG: "1" },
      ...{ SCHEMAGATE_MIGRATOR_PASSWORD: "x", SCHEMAGATE_ENVIRONMENT: "dev", SCHEMAGATE_OF_OUR_OWN: "x" },
    };

    expect(await history(env)).toEqual([]);
  });
});
