import { applyMigrations } from "../../../develop/scratch/migrate";
import { withScratch } from "../../../develop/scratch/scratch";
import { loadSource } from "../../../migrator/source/load";
import { createTestDatabase, queryAt, serverUrl, type TestDatabase } from "../../support/database";
import { writeMigrations } from "../../support/migrator";
import { besideTarget, quietContext } from "../support/scratch";

let target: TestDatabase;
let app: string;

beforeEach(async () => {
  target = await createTestDatabase();
  app = `app_${target.name}`;
  await queryAt(serverUrl(), `CREATE ROLE ${app}`);
});

afterEach(async () => {
  await target.drop();
  await queryAt(serverUrl(), `DROP ROLE ${app}`);
});

/** What `bootstrap` sets up. */
const setUp = () =>
  target.query(`
  CREATE SCHEMA "My App";
  GRANT USAGE ON SCHEMA "My App" TO ${app};
  ALTER DEFAULT PRIVILEGES IN SCHEMA "My App" GRANT SELECT, INSERT ON TABLES TO ${app};
  ALTER ROLE CURRENT_USER IN DATABASE ${target.name} SET search_path = "My App", public;`);

async function applied(up: string) {
  const source = await loadSource(writeMigrations({ "1_a.sql": `-- migrate:up\n${up}\n` }));
  return withScratch(besideTarget(target.url), quietContext(), async (scratch) => {
    const database = await scratch.create("ground");
    const options = { ledgerSchema: "schemagate", signal: new AbortController().signal };
    await applyMigrations(database, source, options);
    const { rows } = await database.connect((client) =>
      client.query(
        `SELECT relnamespace::regnamespace::text AS schema, has_schema_privilege($1, relnamespace, 'USAGE') AS usage,
            has_table_privilege($1, c.oid, 'INSERT') AS insert FROM pg_class c WHERE relname = 'a'`,
        [app],
      ),
    );
    return rows;
  });
}

test("unqualified names go where they go in the target, with the privileges that were set up there", async () => {
  await setUp();

  expect(await applied("CREATE TABLE a ();")).toEqual([{ schema: '"My App"', usage: true, insert: true }]);
});

test("what the migrations make by themselves is left to them", async () => {
  await setUp();

  const up = `CREATE SCHEMA "My App"; CREATE TABLE a (); ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO ${app};`;
  expect(await applied(up)).toEqual([{ schema: '"My App"', usage: false, insert: false }]);
});

test("where nothing was set up, nothing is", async () => {
  expect(await applied("CREATE TABLE a ();")).toEqual([{ schema: "public", usage: true, insert: false }]);
});
