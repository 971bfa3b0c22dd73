import { randomBytes } from "node:crypto";
import { queryAt, serverUrl, useTestDatabase } from "../../support/database";
import { jsonLines, runBin, runMigrator, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();
const suffix = randomBytes(4).toString("hex");
const login = `login_${suffix}`;
/** Everything that a name may hold and a list of options may trip over. */
const owner = `Owner of "it's" \\ ${suffix}`;
const quoted = `"${owner.replaceAll('"', '""')}"`;

beforeAll(async () => {
  await queryAt(
    serverUrl(),
    `CREATE ROLE ${login} LOGIN PASSWORD 'secret'; CREATE ROLE ${quoted}; GRANT ${quoted} TO ${login}`,
  );
});

afterAll(async () => {
  await queryAt(serverUrl(), `DROP ROLE ${login}; DROP ROLE ${quoted}`);
});

beforeEach(async () => {
  await database.query(
    `GRANT CREATE ON DATABASE ${database.name} TO ${quoted}; GRANT CREATE ON SCHEMA public TO ${quoted}`,
  );
});

function urlOfLogin(): string {
  const url = new URL(database.url);
  url.username = login;
  url.password = "secret";
  return url.href;
}

const run = (command: string, files: Record<string, string>, ...more: string[]) =>
  runMigrator([command, "--json", "--dir", writeMigrations(files), "--database-url", urlOfLogin(), ...more]);

const files = {
  "1_a.sql": "-- migrate:up\nCREATE TABLE a (id integer);\nRESET ROLE;\nCREATE TABLE a2 (id integer);\n",
  "2_b.sql": `-- migrate:up\nSET ROLE ${login};\nRESET SESSION AUTHORIZATION;\nRESET ROLE;\nCREATE TABLE b (id integer);\nSET ROLE NONE;\n`,
  "3_c.sql":
    "-- migrate:up transaction:false\nCREATE TABLE c (id integer);\nCREATE INDEX CONCURRENTLY c_id ON c (id);\n",
  "4_d.ts": "export const up = ({ client }: { client: any }) => client.query('CREATE TABLE d (id integer)');\n",
  "5_e.sql": "-- migrate:up\nCREATE SCHEMA e;\n",
};

const owners = () =>
  database.query(
    `SELECT DISTINCT pg_get_userbyid(relowner) AS owner FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
      WHERE nspname IN ('public', 'schemagate')
      UNION SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname IN ('e', 'schemagate')`,
  );

test("what migrations make and the ledger are the role's, whatever a migration did to its session", async () => {
  expect(await run("up", files, "--role", owner)).toMatchObject({ code: 0, stderr: "" });
  expect(await owners()).toEqual([{ owner }]);
  expect(
    (await database.query("SELECT count(*)::integer AS tables FROM pg_tables WHERE schemaname = 'public'"))[0],
  ).toEqual({
    tables: 5,
  });
});

test("every command is that role: what the login may not read, status and history do", async () => {
  await run("up", files, "--role", owner);

  const [status] = jsonLines((await run("status", files, "--role", owner)).stdout);
  const [history] = jsonLines((await run("history", files, "--role", owner)).stdout) as { runs: { role: string }[] }[];

  expect(status).toMatchObject({ open: true, pending: 0 });
  expect(history?.runs.map(({ role }) => role)).toEqual(Array(5).fill(owner));
});

test("a failed migration is recorded as well", async () => {
  const bad = { "1_a.sql": "-- migrate:up\nSET ROLE NONE;\nSELECT 1/0;\n" };

  expect((await run("up", bad, "--role", owner)).code).toBe(6);
  expect(await database.query("SELECT name, outcome FROM schemagate.runs")).toEqual([
    { name: "1_a", outcome: "failed" },
  ]);
  expect(await owners()).toEqual([{ owner }]);
});

test("SCHEMAGATE_ROLE says it too, also where there is nothing to do", async () => {
  const dir = writeMigrations(files);
  const env = { SCHEMAGATE_ROLE: owner, SCHEMAGATE_DIR: dir, DATABASE_URL: urlOfLogin() };

  expect(await runBin(["up"], env)).toMatchObject({ code: 0 });
  expect(await runBin([], env)).toMatchObject({ code: 0, stderr: "" });
  expect(await owners()).toEqual([{ owner }]);
});

test("it comes before a role that the login has by a setting of its own", async () => {
  await queryAt(serverUrl(), `ALTER ROLE ${login} IN DATABASE ${database.name} SET role = ${login}`);

  expect(await run("up", files, "--role", owner)).toMatchObject({ code: 0, stderr: "" });
  expect(await owners()).toEqual([{ owner }]);
});

test.each([
  ["is not there", "nobody_has_this_name", 'role "nobody_has_this_name" does not exist'],
  ["the login may not be", "postgres", 'permission denied to set role "postgres"'],
])("a role that %s is refused by name, and nothing is changed", async (_, role, why) => {
  const { code, stderr } = await run("up", files, "--role", role);

  expect(code).toBe(2);
  expect(jsonLines(stderr)).toMatchObject([
    { event: "failed", code: "role", message: expect.stringContaining(why), hint: expect.stringContaining("--role") },
  ]);
  expect(await owners()).toEqual([]);
});

test.each(["pg_monitor", "none", " ".repeat(80)])('the name "%s" is none', async (role) => {
  expect((await run("up", files, "--role", role)).code).toBe(2);
});
