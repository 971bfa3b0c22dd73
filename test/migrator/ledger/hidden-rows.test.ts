import { Client } from "pg";
import { isCurrent, loadSource } from "../../../migrator";
import { useTestDatabase } from "../../support/database";
import { jsonLines, runMigrator, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();
const dir = writeMigrations({ "1_a.sql": "-- migrate:up\nCREATE TABLE a (id integer);\n" });

describe("with a role that is not the owner,", () => {
  let role: string;

  /** URL of a role that may do everything with the ledger but does not own it. */
  const url = () => Object.assign(new URL(database.url), { username: role, password: "looks" }).href;

  beforeEach(async () => {
    role = `looks_${database.name}`;
    await runMigrator(["up", "--dir", dir, "--database-url", database.url]);
    await database.query(
      `CREATE ROLE ${role} LOGIN PASSWORD 'looks';
     GRANT USAGE ON SCHEMA schemagate TO ${role};
     GRANT ALL ON ALL TABLES IN SCHEMA schemagate TO ${role};
     GRANT CREATE ON SCHEMA public TO ${role}`,
    );
  });

  afterEach(async () => {
    await database.query(`DROP OWNED BY ${role} CASCADE`);
    await database.query(`DROP ROLE ${role}`);
  });

  const secure = (table: string) => database.query(`ALTER TABLE schemagate.${table} ENABLE ROW LEVEL SECURITY`);

  async function run(command: string, ...args: string[]) {
    const { code, stdout, stderr } = await runMigrator([command, "--json", ...args, "--database-url", url()]);
    return { code, ...jsonLines(stderr + stdout).at(-1) };
  }

  const hidden = (table: string) => ({
    ...{ code: "ledger-hidden", exitCode: 4 },
    message: expect.stringMatching(new RegExp(`schema schemagate \\(${table}\\) from "${role}"`)),
    hint: expect.stringContaining(`ALTER TABLE "schemagate".${table} DISABLE ROW LEVEL SECURITY`),
  });

  test.each(["up", "status", "current", "down"])(
    "INV-25: %s refuses a ledger whose rows are hidden",
    async (command) => {
      await secure("migrations");

      expect(await run(command, "--dir", dir)).toMatchObject(hidden("migrations"));
      expect(await database.query("SELECT count(*)::integer AS runs FROM schemagate.runs")).toEqual([{ runs: 1 }]);
    },
  );

  test("the format that is hidden is not lost, and history is not empty", async () => {
    await secure("format");
    expect(await run("status", "--dir", dir)).toMatchObject(hidden("format"));
    await database.query("ALTER TABLE schemagate.format DISABLE ROW LEVEL SECURITY");
    await secure("runs");
    expect(await run("history")).toMatchObject(hidden("runs"));
  });

  test("the owner is not excepted where it is forced, and a policy that shows a part is no way out", async () => {
    await secure("migrations");
    await database.query(`ALTER TABLE schemagate.migrations FORCE ROW LEVEL SECURITY, OWNER TO ${role}`);
    await database.query("CREATE POLICY part ON schemagate.migrations USING (name < '1')");

    expect(await run("status", "--dir", dir)).toMatchObject(hidden("migrations"));
  });

  test.each([
    ["a policy that shows all of it", "CREATE POLICY all_rows ON schemagate.migrations FOR SELECT USING (true)"],
    ["a role that row level security is not for", () => `ALTER ROLE ${role} BYPASSRLS`],
  ])("%s hides nothing", async (_, change) => {
    await secure("migrations");
    await database.query(typeof change === "string" ? change : change());

    expect(await run("status", "--dir", dir)).toMatchObject({ code: 0, event: "status", open: true });
  });

  test("a restrictive policy beside one that shows all hides again", async () => {
    await secure("migrations");
    await database.query("CREATE POLICY all_rows ON schemagate.migrations FOR SELECT USING (true)");
    await database.query("CREATE POLICY part ON schemagate.migrations AS RESTRICTIVE USING (name < '1')");

    expect(await run("status", "--dir", dir)).toMatchObject(hidden("migrations"));
  });

  test("a view that stands in the ledger's place is refused, whatever it shows", async () => {
    await database.query(
      `ALTER TABLE schemagate.migrations RENAME TO kept;
     CREATE VIEW schemagate.migrations AS SELECT * FROM schemagate.kept WHERE false;
     GRANT ALL ON schemagate.migrations TO ${role}`,
    );

    for (const command of ["up", "status"]) {
      expect(await run(command, "--dir", dir)).toMatchObject({
        ...{ code: "foreign-ledger", exitCode: 4 },
        message: expect.stringContaining("migrations in schema schemagate is no table"),
      });
    }
  });

  test("a program is told as well, and doctor names it with the exit code of up", async () => {
    await secure("migrations");
    await secure("runs");
    const client = new Client({ connectionString: url() });
    await client.connect();
    await expect(isCurrent(client, await loadSource(dir))).rejects.toMatchObject({
      code: "ledger-hidden",
      exitCode: 4,
    });
    await client.end();

    const { code, stdout } = await runMigrator(["doctor", "--json", "--dir", dir, "--database-url", url()]);
    expect(code).toBe(4);
    const [{ checks }] = jsonLines(stdout) as [{ checks: { code: string; status: string; message: string }[] }];
    expect(checks).toContainEqual(expect.objectContaining({ status: "problem", code: "ledger-hidden" }));
    expect(checks).toContainEqual(
      expect.objectContaining({
        status: "warning",
        code: "ledger-row-security",
        message: expect.stringContaining("migrations, runs"),
      }),
    );
  });
});
