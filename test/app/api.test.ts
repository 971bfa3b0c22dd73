import type { FastifyInstance, InjectOptions } from "fastify";
import { Pool } from "pg";
import { createServer, registerRoutes } from "../../app/server";
import { createMigratedDatabase, type MigratedDatabase } from "./support/database";

// Only the health checks look at it, and they have a test of their own.
const source = { dir: "", sealed: false, migrations: [], repeatables: [], hooks: {}, problems: [] };

function createApp(db: Pool): FastifyInstance {
  const app = createServer("silent");
  registerRoutes(app, { db, source, ledgerSchema: "schemagate" });
  return app;
}

describe("the orders API", () => {
  let database: MigratedDatabase;
  let app: FastifyInstance;

  beforeAll(async () => {
    database = await createMigratedDatabase();
    app = createApp(database.pool);
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });
  beforeEach(() => database.pool.query("TRUNCATE customers, orders, order_lines RESTART IDENTITY"));

  async function call(method: "GET" | "POST", url: string, payload?: InjectOptions["payload"]) {
    const response = await app.inject({ method, url, payload });
    return { status: response.statusCode, headers: response.headers, body: response.json() };
  }

  const ada = { email: "Ada@Example.com", name: "Ada Lovelace" };
  const line = { sku: "PUNCH-CARD", quantity: 3, unitPriceCents: 250 };

  describe("customers", () => {
    it("are created, and found where the answer says", async () => {
      const created = await call("POST", "/customers", ada);
      expect(created).toMatchObject({ status: 201, headers: { location: "/customers/1" } });
      expect(created.body).toEqual({ id: 1, ...ada, createdAt: expect.stringMatching(/^\d{4}-.*Z$/) });
      expect(await call("GET", "/customers/1")).toMatchObject({ status: 200, body: created.body });
    });

    it("are one when their addresses differ only in spelling", async () => {
      await call("POST", "/customers", ada);
      const again = await call("POST", "/customers", { ...ada, email: "ada@EXAMPLE.com" });
      expect(again).toMatchObject({ status: 409, body: { message: "a customer with this email exists already" } });
    });

    it("are listed page by page", async () => {
      for (const name of ["a", "b", "c"]) {
        await call("POST", "/customers", { email: `${name}@example.com`, name });
      }
      const first = (await call("GET", "/customers?limit=2")).body;
      expect(first).toMatchObject({ items: [{ name: "a" }, { name: "b" }], next: 2 });
      const second = (await call("GET", `/customers?limit=2&after=${first.next}`)).body;
      expect(second).toMatchObject({ items: [{ name: "c" }], next: null });
    });

    it("answer 404 when they do not exist", async () => {
      const missing = await call("GET", "/customers/7");
      expect(missing).toMatchObject({ status: 404, body: { message: "customer 7 does not exist" } });
    });

    it.each([
      [{ name: "x" }, "body must have required property 'email'"],
      [{ email: "x@example.com", name: 5 }, "body/name must be string"],
      [{ email: "x@example.com", name: "" }, "body/name must match pattern"],
      [{ email: "x@example.com", name: "nul \u0000" }, "body/name must match pattern"],
      [{ email: "x@example.com", name: "x", admin: true }, "body must NOT have additional properties"],
      [{ email: "no address", name: "x" }, "body/email must match pattern"],
      [{ email: "x@exa%mple.com", name: "x" }, "body/email must be a mail address"],
    ])("fail with what is wrong for %j", async (payload, message) => {
      const refused = await call("POST", "/customers", payload);
      expect(refused).toMatchObject({ status: 400, body: { error: "Bad Request" } });
      expect(refused.body.message).toContain(message);
    });
  });

  describe("orders", () => {
    beforeEach(() => call("POST", "/customers", ada));

    it("are created with their lines, and found where the answer says", async () => {
      const lines = [line, { sku: "ENGINE-1", quantity: 1, unitPriceCents: 100_000_000 }];
      const created = await call("POST", "/orders", { customerId: 1, currency: "GBP", lines });
      expect(created).toMatchObject({ status: 201, headers: { location: "/orders/1" } });
      expect(created.body).toMatchObject({ id: 1, customerId: 1, status: "open", lines, totalCents: 100_000_750 });
      expect(await call("GET", "/orders/1")).toMatchObject({ status: 200, body: created.body });
    });

    it("are listed for one customer, page by page", async () => {
      await call("POST", "/customers", { email: "b@example.com", name: "b" });
      for (const customerId of [1, 2, 1]) {
        await call("POST", "/orders", { customerId, currency: "GBP", lines: [line] });
      }
      expect((await call("GET", "/orders?customerId=1")).body).toMatchObject({
        items: [{ id: 1 }, { id: 3 }],
        next: null,
      });
      expect((await call("GET", "/orders?limit=1&after=1")).body).toMatchObject({ items: [{ id: 2 }], next: 2 });
    });

    it("fail for a customer who does not exist, and leave nothing behind", async () => {
      const refused = await call("POST", "/orders", { customerId: 7, currency: "GBP", lines: [line] });
      expect(refused).toMatchObject({ status: 422, body: { message: "body/customerId: customer 7 does not exist" } });
      expect((await call("GET", "/orders")).body.items).toEqual([]);
    });

    it.each([
      [{ lines: [] }, "body/lines must NOT have fewer than 1 items"],
      [{ lines: [{ ...line, quantity: "3" }] }, "body/lines/0/quantity must be integer"],
      [{ lines: [{ ...line, unitPriceCents: null }] }, "body/lines/0/unitPriceCents must be integer"],
      [{ lines: [{ ...line, quantity: 0 }] }, "body/lines/0/quantity must be >= 1"],
      [{ currency: "pounds" }, "body/currency must match pattern"],
    ])("fail with what is wrong for %j", async (wrong, message) => {
      const refused = await call("POST", "/orders", { customerId: 1, currency: "GBP", lines: [line], ...wrong });
      expect(refused.status).toBe(400);
      expect(refused.body.message).toContain(message);
    });
  });

  it.each([
    "/customers/abc",
    "/customers/0",
    "/customers/99999999999999999999",
    "/orders?limit=0",
    "/orders?colour=red",
  ])("fails with 400 for %s", async (url) => {
    expect(await call("GET", url)).toMatchObject({ status: 400 });
  });

  it("answers 503, and tells nothing of the database, while it is unreachable", async () => {
    const pool = new Pool({ connectionString: "postgres://nobody:secret@127.0.0.1:1/none" });
    const cut = createApp(pool);
    const response = await cut.inject("/customers");
    expect(response.statusCode).toBe(503);
    expect(response.json().message).toBe("the database is unavailable, try again");
    await cut.close();
    await pool.end();
  });

  it("answers 500 without the reason when a query fails unforeseen", async () => {
    const pool = { query: () => Promise.reject(new Error("relation secrets does not exist")) } as unknown as Pool;
    const broken = createApp(pool);
    const response = await broken.inject("/customers");
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain("secrets");
    await broken.close();
  });
});
