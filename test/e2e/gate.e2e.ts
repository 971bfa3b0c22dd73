import { useTestDatabase } from "../support/database";
import { goodImage, imageWith } from "./support/images";
import { removeReplicas, startReadyReplica, startReplica } from "./support/pods";

afterEach(removeReplicas);
const database = useTestDatabase();

/** Everything a migration could have changed: relations, columns and the ledger. */
async function snapshot(): Promise<unknown> {
  return {
    columns: await database.query(
      "SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns " +
        "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2, 3",
    ),
    ledger: await database.query("SELECT * FROM schemagate.migrations ORDER BY 1"),
  };
}

const order = { email: "Ada@Example.com", name: "Ada" };

const postCustomer = (url: string, email = order.email) =>
  fetch(`${url}/customers`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...order, email }),
  });

test("a good set opens the gate: every migration is applied, then the app answers", async () => {
  const replica = await startReadyReplica({ image: goodImage, url: database.url });

  expect((await replica.state("migrate")).exitCode).toBe(0);
  expect((await postCustomer(replica.url)).status).toBe(201);
  expect(await replica.migratorLines()).toContainEqual(
    expect.objectContaining({
      event: "done",
      migrations: expect.arrayContaining([expect.stringContaining("create_customers")]),
    }),
  );
});

test("a broken migration holds the gate, the version before it keeps answering, and a fixed image opens it", async () => {
  const broken = imageWith("broken", {
    "20991231000000_add_phone.sql":
      "-- migrate:up\nALTER TABLE customers ADD COLUMN phone text;\nSELECT nonsense;\n-- migrate:down\n",
  });
  const fixed = imageWith("fixed", {
    "20991231000000_add_phone.sql":
      "-- migrate:up\nALTER TABLE customers ADD COLUMN phone text;\n-- migrate:down\nALTER TABLE customers DROP COLUMN phone;\n",
  });
  const old = await startReadyReplica({ image: goodImage, url: database.url });
  const before = await snapshot();

  const held = await startReplica({ image: broken, url: database.url });

  expect(await held.migrated).toBe(6);
  expect(await held.state("migrate")).toEqual({ status: "exited", exitCode: 6 });
  expect((await held.state("app")).status).toBe("created");
  expect(await held.migratorLines()).toContainEqual(
    expect.objectContaining({ event: "failed", message: expect.stringContaining("nonsense"), exitCode: 6 }),
  );
  expect(await snapshot()).toEqual(before);
  expect((await postCustomer(old.url)).status).toBe(201);

  const opened = await startReadyReplica({ image: fixed, url: database.url });
  expect((await postCustomer(opened.url, "second@example.com")).status).toBe(201);
  expect(await database.query("SELECT phone FROM customers LIMIT 1")).toEqual([{ phone: null }]);

  // Back to the older image: the database is ahead of it now.
  const rolledBack = await startReadyReplica({ image: goodImage, url: database.url });
  expect(await rolledBack.migratorLines()).toContainEqual(expect.objectContaining({ event: "warning", code: "ahead" }));
  expect(await rolledBack.readiness()).toEqual({ status: 200, body: '{"status":"ready"}' });
  expect((await postCustomer(rolledBack.url, "third@example.com")).status).toBe(201);
});
