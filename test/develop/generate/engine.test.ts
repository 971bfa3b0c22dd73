import { extract } from "@supabase/pg-delta/extract";
import { Client, Pool } from "pg";
import { readState } from "../../../develop/generate/engine";
import { createTestDatabase, type TestDatabase } from "../../support/database";
import { population } from "../catalog/population";

let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(population);
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

test("the engine is not asked for what PostgreSQL's own objects depend on, and knows all the same", async () => {
  const query = jest.spyOn(client, "query");
  const { facts } = await readState(client);
  const texts = query.mock.calls.map(([sent]) => (sent as { text?: string }).text ?? "");
  query.mockRestore();

  // Its text: a new version of it may have another.
  expect(texts.filter((text) => /d\.objid::bigint >= 16384[\s\S]*pp\.oid::bigint >= 16384/.test(text))).toHaveLength(1);
  const edges = ({ edges: all }: typeof facts) => all.map((edge) => JSON.stringify(edge)).sort();
  expect(edges(facts).length).toBeGreaterThan(100);
  const pool = new Pool({ connectionString: database.url, max: 1 });
  // The drop cuts a connection whose goodbye is still on its way.
  pool.on("error", () => undefined);
  const { factBase } = await extract(pool, { redactSecrets: false }).finally(() => pool.end());
  expect(edges(facts)).toEqual(edges(factBase));
});
