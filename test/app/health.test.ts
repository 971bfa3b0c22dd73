import { copyFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool } from "pg";
import { createServer, registerRoutes } from "../../app/server";
import { loadSource } from "../../migrator";
import { createMigratedDatabase, type MigratedDatabase } from "./support/database";

const migrations = join(__dirname, "../../migrator/migrations");

describe("health", () => {
  let database: MigratedDatabase;
  let dir: string;

  beforeAll(async () => {
    database = await createMigratedDatabase();
  });
  afterAll(() => database.drop());

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "app-health-"));
    for (const file of await readdir(migrations)) {
      await copyFile(join(migrations, file), join(dir, file));
    }
  });
  afterEach(() => rm(dir, { recursive: true }));

  async function get(path: string, db: Pool = database.pool, ledgerSchema = "schemagate") {
    const app = createServer("silent");
    registerRoutes(app, { db, source: await loadSource(dir), ledgerSchema });
    try {
      const response = await app.inject(path);
      return { status: response.statusCode, body: response.json() };
    } finally {
      await app.close();
    }
  }

  it("is ready when every migration of the image is in the ledger", async () => {
    expect(await get("/health/ready")).toEqual({ status: 200, body: { status: "ready" } });
  });

  it("is ready when the schema is ahead of the image: a rollback must serve", async () => {
    const files = (await readdir(dir)).sort();
    await rm(join(dir, files.at(-1) ?? ""));
    expect(await get("/health/ready")).toEqual({ status: 200, body: { status: "ready" } });
  });

  it("is not ready when the schema is behind the image", async () => {
    await writeFile(
      join(dir, "20260201000000_not_applied.sql"),
      "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n",
    );
    expect(await get("/health/ready")).toEqual({ status: 503, body: { status: "not ready", reason: "schema behind" } });
  });

  it("is not ready when nothing was ever migrated", async () => {
    expect(await get("/health/ready", database.pool, "no_such_ledger")).toEqual({
      status: 503,
      body: { status: "not ready", reason: "schema behind" },
    });
  });

  it("is not ready, and says that it is a permission, when the app may not read the ledger", async () => {
    const client = await database.pool.connect();
    try {
      // A role that every server has, and that may read no table.
      await client.query("SET ROLE pg_signal_backend");
      expect(await get("/health/ready", client as unknown as Pool)).toEqual({
        status: 503,
        body: { status: "not ready", reason: "ledger unreadable" },
      });
    } finally {
      await client.query("RESET ROLE");
      client.release();
    }
  });

  it("is live, and not ready, while the database is unreachable", async () => {
    // Port 1 is reserved, so nothing listens on it.
    const pool = new Pool({ connectionString: "postgres://nobody:secret@127.0.0.1:1/none" });
    const ready = await get("/health/ready", pool);
    expect(ready).toEqual({ status: 503, body: { status: "not ready", reason: "database unreachable" } });
    expect(await get("/health/live", pool)).toEqual({ status: 200, body: { status: "live" } });
    await pool.end();
  });

  it("answers with the reason before a prober gives up when the database hangs", async () => {
    const pool = { query: () => new Promise(() => {}) } as unknown as Pool;
    const ready = await get("/health/ready", pool);
    expect(ready).toEqual({ status: 503, body: { status: "not ready", reason: "database unreachable" } });
  });
});
