import { locksOf } from "../../../develop/lint/judge/locks";
import { Schema } from "../../../develop/lint/schema";
import { parseSection } from "../../../develop/lint/statement";
import { strongestByTable } from "../../../develop/pull-request/locks";
import { readLocks, readRelations } from "../../../develop/pull-request/relations";
import { createTestDatabase, type TestDatabase, withClient } from "../../support/database";

const before = `CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint, customer_id bigint, total integer CHECK (total > 0), status text);
CREATE INDEX orders_status_idx ON orders (status);
CREATE UNIQUE INDEX orders_id_key ON orders (id);
ALTER TABLE orders ADD CONSTRAINT unchecked CHECK (total < 100) NOT VALID;
CREATE TABLE events (at date) PARTITION BY RANGE (at);
CREATE TABLE events_1 (at date);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION f();`;

const statements = [
  "ALTER TABLE orders ADD COLUMN note text",
  "ALTER TABLE orders DROP COLUMN status",
  "ALTER TABLE orders ALTER COLUMN total SET DEFAULT 1",
  "ALTER TABLE orders ALTER COLUMN total SET NOT NULL",
  "ALTER TABLE orders ALTER COLUMN total TYPE bigint",
  "ALTER TABLE orders ALTER COLUMN total SET STATISTICS 100",
  "ALTER TABLE orders ALTER COLUMN total SET (n_distinct = 5)",
  "ALTER TABLE orders SET (fillfactor = 80)",
  "ALTER TABLE orders RESET (fillfactor)",
  "ALTER TABLE orders CLUSTER ON orders_status_idx",
  "ALTER TABLE orders SET WITHOUT CLUSTER",
  "ALTER TABLE orders VALIDATE CONSTRAINT unchecked",
  "ALTER TABLE orders ADD CHECK (total > 1) NOT VALID",
  "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID",
  "ALTER TABLE orders ADD UNIQUE USING INDEX orders_id_key",
  "ALTER TABLE orders DROP CONSTRAINT unchecked",
  "ALTER TABLE orders DISABLE TRIGGER t",
  "ALTER TABLE orders ENABLE TRIGGER ALL",
  "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
  "ALTER TABLE orders REPLICA IDENTITY FULL",
  "ALTER TABLE orders RENAME COLUMN total TO sum",
  "ALTER TABLE orders RENAME TO purchases",
  "ALTER TABLE events ATTACH PARTITION events_1 DEFAULT",
  "CREATE TRIGGER u BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION f()",
  "CREATE INDEX ON orders (total)",
  "CREATE TABLE lines (order_id bigint REFERENCES customers (id))",
  "LOCK TABLE orders IN SHARE MODE",
  "LOCK TABLE orders IN SHARE UPDATE EXCLUSIVE MODE",
  "LOCK TABLE orders",
  "COMMENT ON TABLE orders IS 'all'",
  "UPDATE orders SET total = 1",
];

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.query(before);
});

afterAll(() => database.drop());

/** Tables whose reads or writes wait, by pg_locks. */
function observed(sql: string): Promise<string[]> {
  return withClient(database.url, async (client) => {
    const relations = await readRelations(client, "schemagate");
    await client.query("BEGIN");
    await client.query(sql);
    const locks = strongestByTable(await readLocks(client, relations));
    await client.query("ROLLBACK");
    return locks.filter(({ blocks }) => blocks !== "DDL").map(({ table, blocks }) => `${table}: ${blocks}`);
  });
}

/** The same by lint. */
async function predicted(sql: string): Promise<string[]> {
  const parsed = await parseSection({ sql, firstLine: 1, transaction: true });
  if ("message" in parsed) {
    throw new Error(parsed.message);
  }
  const locks = parsed.statements.flatMap(({ node }) => locksOf(node, new Schema()));
  return locks.map(({ table, blocks }) => `${table}: ${blocks === "writes" ? "writes, DDL" : "reads, writes, DDL"}`);
}

test.each(statements)("lint knows what the locks of %s make wait", async (sql) => {
  // The partition that is attached is told by a rule of its own.
  const seen = (await observed(sql)).filter((lock) => !lock.startsWith("public.events_1"));

  expect((await predicted(sql)).sort()).toEqual(seen.sort());
});
