import { findClusterWide, refuseClusterWide } from "../../../develop/scratch/cluster-wide";
import { besideTarget } from "../support/scratch";

const find = (sql: string) => findClusterWide([{ sql, file: "a.sql", firstLine: 1 }]);

test.each([
  ["CREATE ROLE app", "a role"],
  ["CREATE USER app", "a role"],
  ["ALTER ROLE app SET search_path = app", "a role's settings"],
  ["ALTER ROLE app RENAME TO api", "a role"],
  ["DROP GROUP app", "a role"],
  ["COMMENT ON ROLE app IS 'x'", "a role"],
  ["GRANT reader TO app", "the membership of a role"],
  ["REVOKE reader FROM app", "the membership of a role"],
  ["REASSIGN OWNED BY app TO api", "what a role owns, databases included"],
  ["DROP OWNED BY app", "what a role owns and may, databases included"],
  ["CREATE DATABASE x", "the server's databases"],
  ["DROP DATABASE x", "the server's databases"],
  ["ALTER DATABASE x SET timezone = 'UTC'", "a database's settings, by its name"],
  ["ALTER DATABASE x OWNER TO app", "a database by its name"],
  ["ALTER DATABASE x RENAME TO y", "a database by its name"],
  ["ALTER DATABASE x CONNECTION LIMIT 5", "a database by its name"],
  ["GRANT CONNECT ON DATABASE x TO app", "a database by its name"],
  ["REVOKE ALL ON DATABASE x FROM public", "a database by its name"],
  ["CREATE TABLESPACE t LOCATION '/t'", "a tablespace"],
  ["GRANT CREATE ON TABLESPACE t TO app", "a tablespace"],
  ["GRANT SET ON PARAMETER work_mem TO app", "who may set the server's settings"],
  ["ALTER SYSTEM SET work_mem = '1GB'", "the server's settings"],
  ["CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p", "the publishing server"],
  ["DO $$ BEGIN CREATE ROLE app; END $$", "the whole server, by the words of its block"],
  [
    "DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO app', current_database()); END $$",
    "the whole server, by the words of its block",
  ],
  ["MERGE IN NEW SYNTAX; ALTER SYSTEM SET x = 1", "the whole server, by its words"],
])("%s changes more than its database", async (sql, what) => {
  expect(await find(sql)).toEqual([
    {
      code: "cluster-wide",
      message: expect.stringContaining(` changes ${what}, from a scratch database beside the target too`),
      hint: expect.stringContaining("--scratch-url"),
    },
  ]);
});

test.each([
  'CREATE TABLE users (role text, "user" text, "group" text)',
  "GRANT SELECT ON ALL TABLES IN SCHEMA public TO app",
  "GRANT USAGE ON SCHEMA public TO app",
  "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app",
  "ALTER TABLE a OWNER TO app",
  "CREATE USER MAPPING FOR app SERVER s",
  "SET ROLE app",
  "COMMENT ON TABLE a IS 'CREATE ROLE app'",
  "INSERT INTO a VALUES ('DROP DATABASE x')",
  "DO $$ BEGIN -- CREATE ROLE app\n PERFORM 1 FROM pg_roles WHERE rolname = 'role'; END $$",
])("%s changes nothing but its database", async (sql) => {
  expect(await find(sql)).toEqual([]);
});

test("INV-12: every one is named with its line, and one's own server takes them all", async () => {
  const texts = [
    { sql: "CREATE TABLE a ();\n\n-- a role\nCREATE ROLE app;\nDROP ROLE old;", file: "a.sql", firstLine: 3 },
    { sql: "ALTER SYSTEM RESET ALL", file: "b.sql", firstLine: 1 },
  ];
  await expect(refuseClusterWide(texts, besideTarget("postgres://x/y"), {})).rejects.toMatchObject({
    exitCode: 4,
    problems: [
      { message: expect.stringMatching(/^a\.sql:6: "CREATE ROLE app"/) },
      { message: expect.stringMatching(/^a\.sql:7: "DROP ROLE old"/) },
      { message: expect.stringMatching(/^b\.sql:1: "ALTER SYSTEM RESET ALL"/) },
    ],
  });
  await refuseClusterWide(texts, besideTarget("postgres://x/y", { scratchUrl: "postgres://mine/z" }), {});
  await refuseClusterWide(texts, { ...besideTarget(""), databaseUrl: undefined }, {});
});
