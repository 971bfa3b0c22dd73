import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { compareCatalogs } from "../../../develop/catalog/compare";
import { readCatalog } from "../../../develop/catalog/read";
import { createTestDatabase, type TestDatabase } from "../../support/database";
import { population } from "./population";
import { read, readAgain } from "./support";

let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(population);
  await client.query(
    "CREATE TABLE app.moments (at timestamptz DEFAULT '2024-01-01 00:00:00+00', pi float8 DEFAULT 3.14159265358979)",
  );
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

async function setting(name: string): Promise<unknown> {
  return (await client.query<{ value: string }>("SELECT current_setting($1) AS value", [name])).rows[0]?.value;
}

test("reads the same twice", async () => {
  expect([...(await read(client))]).toEqual([...(await read(client))]);
});

test("reads the same with plans that the server keeps, also when there is much more than they were made for", async () => {
  const differences = async () => compareCatalogs(await read(client), await readAgain(client));
  expect(await differences()).toEqual([]);
  await client.query(`BEGIN; DO $$ BEGIN FOR n IN 1..300 LOOP
    EXECUTE format('CREATE TABLE app.many_%s (id serial PRIMARY KEY, a text, b text, c text)', n);
  END LOOP; END $$`);
  const many = [await differences(), await differences(), (await readAgain(client)).has("table app.many_300")];
  await client.query("ROLLBACK");
  expect(many).toEqual([[], [], true]);
  expect(await differences()).toEqual([]);
});

test("reads the same whatever the connection's settings are, and leaves them", async () => {
  const before = await read(client);
  await client.query(`SET search_path = app, public; SET timezone = 'Asia/Tokyo'; SET datestyle = 'SQL, DMY';
    SET intervalstyle = iso_8601; SET extra_float_digits = -5; SET quote_all_identifiers = on`);
  expect(compareCatalogs(before, await read(client))).toEqual([]);
  expect(await setting("search_path")).toBe("app, public");
  expect(await setting("timezone")).toBe("Asia/Tokyo");
  await client.query("RESET ALL");
});

test("reads within a transaction what that sees, and leaves it open with its settings", async () => {
  const before = await read(client);
  await client.query("BEGIN; SET LOCAL search_path = app; CREATE TABLE inner_table (id int)");
  const differences = compareCatalogs(before, await read(client));
  expect(differences.filter(({ kind }) => kind !== "grant").map(({ identity }) => identity)).toEqual([
    "app.inner_table",
    "app.inner_table.id",
  ]);
  expect(await setting("search_path")).toBe("app");
  await client.query("INSERT INTO inner_table VALUES (1); ROLLBACK");
  expect(compareCatalogs(before, await read(client))).toEqual([]);
});

test("leaves no transaction behind", async () => {
  await read(client);
  const { rows } = await client.query("SELECT now() = statement_timestamp() AS alone");
  expect(rows).toEqual([{ alone: true }]);
});

test("fails with the database's own error, in a transaction that can go on", async () => {
  await client.query("BEGIN; SET LOCAL statement_timeout = '1ms'");
  await expect(read(client)).rejects.toMatchObject({ code: "57014" });
  await client.query("SET LOCAL statement_timeout = 0; SELECT 1; ROLLBACK");
});

test("leaves out ignored schemas with all that is in them", async () => {
  const catalog = await readCatalog(client, { ignoreSchemas: ["app"] });
  expect([...catalog.keys()].filter((key) => /\bapp\./.test(key))).toEqual([]);
  expect(catalog.has("schema app")).toBe(false);
  expect(catalog.has("schema public")).toBe(true);
});

test("leaves out what belongs to an extension, temporary tables, and PostgreSQL's own", async () => {
  await client.query("CREATE TEMPORARY TABLE passing (id serial PRIMARY KEY)");
  const keys = [...(await read(client)).keys()].join("\n");
  expect(keys).toContain("extension pgcrypto");
  expect(keys).not.toContain("gen_salt");
  expect(keys).not.toContain("passing");
  expect(keys).not.toMatch(/pg_temp|pg_toast|RI_ConstraintTrigger|information_schema/);
});

test("tells no secret", async () => {
  expect(JSON.stringify([...(await read(client))])).not.toContain("hunter2");
});

test("tells no OID", async () => {
  const { rows } = await client.query("SELECT oid::text FROM pg_class WHERE oid >= 16384");
  const text = JSON.stringify([...(await read(client))]);
  const numbers = new Set(text.match(/\d+/g));
  expect(rows.map(({ oid }) => oid).filter((oid) => numbers.has(oid))).toEqual([]);
});

test("needs no privileges", async () => {
  const role = `reader_${randomBytes(4).toString("hex")}`;
  const before = await read(client);
  await client.query(`BEGIN; CREATE ROLE ${role}; SET LOCAL ROLE ${role}`);
  const differences = compareCatalogs(before, await read(client));
  await client.query("ROLLBACK");
  // Whoever may not use a user mapping is not shown its options.
  expect(differences.map(({ kind }) => kind)).toEqual(["user mapping"]);
});

test("two objects with one name in different schemas, and odd names, are told apart", async () => {
  await client.query(
    `BEGIN; CREATE SCHEMA "a.b"; CREATE TABLE "a.b".c (id int); CREATE SCHEMA a; CREATE TABLE a."b.c" (id int)`,
  );
  const catalog = await read(client);
  await client.query("ROLLBACK");
  expect(catalog.has('table "a.b".c')).toBe(true);
  expect(catalog.has('table a."b.c"')).toBe(true);
  expect(catalog.get('column a."b.c".id')?.of).toBe('table a."b.c"');
});
