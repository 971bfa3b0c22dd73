import { AppProcess } from "./support/app-process";
import { createMigratedDatabase, type MigratedDatabase } from "./support/database";

describe("the app's log", () => {
  let database: MigratedDatabase;
  let app: AppProcess;

  beforeAll(async () => {
    database = await createMigratedDatabase();
    app = new AppProcess({ DATABASE_URL: database.url });
  });
  afterAll(async () => {
    app.kill("SIGKILL");
    await app.exited;
    await database.drop();
  });

  it("says why a query failed, and not with which values", async () => {
    await database.pool.query("ALTER TABLE customers DROP COLUMN email_normalised");
    const response = await fetch(`${await app.url()}/customers`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: "ada@example.com", name: "Ada Lovelace" }),
    });
    expect(response.status).toBe(500);
    const [line] = await app.logged("request failed");
    expect(line?.err).toMatchObject({ code: "42703" });
    expect(app.stdout).not.toMatch(/ada@example|Lovelace/);
  });
});
