import { Client } from "pg";
import type { Catalog } from "../../../develop/catalog/catalog";
import { createTestDatabase, type TestDatabase } from "../../support/database";
import { columnsChanges } from "./changes/columns";
import { commented } from "./changes/comments";
import { constraintsChanges } from "./changes/constraints";
import { databaseChanges } from "./changes/database";
import { grantsChanges } from "./changes/grants";
import { programsChanges } from "./changes/programs";
import { tablesChanges } from "./changes/tables";
import { typesChanges } from "./changes/types";
import { population } from "./population";
import { type Change, linesOfChange, read, serverHas } from "./support";

const commentChanges: readonly Change[] = [
  ...commented.map(([target, identity, since]) => ({
    sql: `COMMENT ON ${target} IS 'x'`,
    since,
    lines: [`comment ${identity}: only in the database (x)`],
  })),
  {
    sql: "COMMENT ON TABLE app.customers IS 'x'",
    lines: ["comment table app.customers: text is x in the database, customers in the models"],
  },
  {
    sql: "COMMENT ON TABLE app.customers IS NULL",
    lines: ["comment table app.customers: only in the models (customers)"],
  },
];

const changes: Readonly<Record<string, readonly Change[]>> = {
  tables: tablesChanges,
  columns: columnsChanges,
  "constraints, indexes, sequences": constraintsChanges,
  "views, functions, triggers, rules, policies": programsChanges,
  types: typesChanges,
  "what is in no schema": databaseChanges,
  comments: commentChanges,
  grants: grantsChanges,
};

let database: TestDatabase;
let client: Client;
let before: Catalog;

// One transaction for all of them, which is never committed: roles are the whole server's.
beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query("BEGIN; CREATE ROLE catalog_owner; CREATE ROLE catalog_super SUPERUSER");
  await client.query(population);
  before = await read(client);
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

describe.each(Object.entries(changes))("shows every change of %s, and nothing else", (_kind, rows) => {
  test.each(rows.filter(({ since }) => serverHas(since)))("$sql", async ({ sql, lines }) => {
    expect(await linesOfChange(client, before, sql)).toEqual(lines);
  });
});
