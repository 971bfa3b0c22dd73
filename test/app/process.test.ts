import { once } from "node:events";
import { connect, createServer } from "node:net";
import { waitUntil } from "../support/migrator";
import { AppProcess } from "./support/app-process";
import { createMigratedDatabase, type MigratedDatabase } from "./support/database";

describe("the app as a process", () => {
  let database: MigratedDatabase;
  const started: AppProcess[] = [];

  beforeAll(async () => {
    database = await createMigratedDatabase();
  });
  afterEach(async () => {
    for (const app of started.splice(0)) {
      app.kill("SIGKILL");
      await app.exited;
    }
  });
  afterAll(() => database.drop());

  function start(env: Record<string, string> = {}): AppProcess {
    const app = new AppProcess({ DATABASE_URL: database.url, ...env });
    started.push(app);
    return app;
  }

  /** Runs `body` while a request to /customers is in flight, held up by a lock until `unblock` is called. */
  async function withRequestInFlight(
    url: string,
    body: (answer: Promise<Response>, unblock: () => Promise<unknown>) => Promise<void>,
  ): Promise<void> {
    const client = await database.pool.connect();
    // A second time it does nothing.
    const unblock = () => client.query("ROLLBACK");
    try {
      await client.query("BEGIN; LOCK TABLE customers IN ACCESS EXCLUSIVE MODE");
      const answer = fetch(`${url}/customers`);
      // Looked at by the test, or not at all when something else failed first.
      answer.catch(() => undefined);
      await waitUntil(isQueryBlocked, "a blocked query");
      await body(answer, unblock);
    } finally {
      await unblock();
      client.release();
    }
  }

  async function isQueryBlocked(): Promise<boolean> {
    const { rows } = await database.pool.query(
      `SELECT 1 FROM pg_stat_activity
        WHERE application_name = 'orders-api' AND datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows.length > 0;
  }

  it("is ready, logs JSON, and ends with 0 on SIGTERM", async () => {
    const app = start();
    const response = await fetch(`${await app.url()}/health/ready`);
    expect([response.status, await response.json()]).toEqual([200, { status: "ready" }]);
    app.kill("SIGTERM");
    expect(await app.exited).toEqual({ code: 0, stderr: "" });
    expect(await app.logged("stopped")).toHaveLength(1);
  });

  it("finishes the request in flight on SIGTERM, and accepts no new one", async () => {
    const app = start();
    const url = await app.url();
    await withRequestInFlight(url, async (answer, unblock) => {
      app.kill("SIGTERM");
      await app.logged("stopping");
      await expect(fetch(`${url}/health/live`)).rejects.toThrow("fetch failed");
      await unblock();
      const response = await answer;
      expect([response.status, await response.json()]).toEqual([200, { items: [], next: null }]);
      expect(await app.exited).toMatchObject({ code: 0 });
    });
  });

  it("does not wait for connections that carry no request", async () => {
    const app = start();
    const { hostname, port } = new URL(await app.url());
    const silent = connect(Number(port), hostname);
    await once(silent, "connect");
    // Answered on a later connection: the server has seen the silent one too.
    await fetch(`${await app.url()}/health/live`);
    app.kill("SIGTERM");
    expect(await app.exited).toMatchObject({ code: 0 });
    silent.destroy();
  });

  it("fails when a request outlasts the shutdown's deadline", async () => {
    const app = start({ SHUTDOWN_TIMEOUT: "1" });
    await withRequestInFlight(await app.url(), async (answer) => {
      app.kill("SIGTERM");
      expect(await app.exited).toMatchObject({ code: 1 });
      await expect(answer).rejects.toThrow("fetch failed");
    });
  });

  it("starts, live and not ready, before its database", async () => {
    const app = start({ DATABASE_URL: "postgres://nobody:tops3cret@127.0.0.1:1/none" });
    const url = await app.url();
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await fetch(`${url}/health/ready`)).status).toBe(503);
    app.kill("SIGTERM");
    expect(await app.exited).toMatchObject({ code: 0 });
    expect(app.stdout).not.toContain("tops3cret");
  });

  it("fails with 2 and says why when the settings are wrong or name no database", async () => {
    const wrong = await start({ PORT: "http", WEB_CONCURRENCY: "0" }).exited;
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/PORT \("http"\) must be .*\n.*WEB_CONCURRENCY \("0"\) must be/);
    for (const workers of ["1", "2"]) {
      const unnamed = await start({ DATABASE_URL: "", WEB_CONCURRENCY: workers }).exited;
      expect(unnamed.code).toBe(2);
      expect(unnamed.stderr).toContain("DATABASE_URL");
    }
  });

  describe("with several workers", () => {
    it("serves from each of them behind one address, and ends all on SIGTERM", async () => {
      const app = start({ WEB_CONCURRENCY: "3" });
      const url = await app.url();
      const workers = (await app.logged("worker ready", 3)).map((line) => line.worker);
      expect(new Set(workers).size).toBe(3);
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
      app.kill("SIGTERM");
      expect(await app.exited).toEqual({ code: 0, stderr: "" });
      expect(await app.logged("listening")).toHaveLength(1);
      for (const worker of workers) {
        expect(() => process.kill(Number(worker), 0)).toThrow("ESRCH");
      }
    });

    it("replaces a worker that dies", async () => {
      const app = start({ WEB_CONCURRENCY: "2" });
      const [first] = await app.logged("worker ready", 2);
      process.kill(Number(first?.worker), "SIGKILL");
      const ready = await app.logged("worker ready", 3);
      expect(ready[2]?.worker).not.toBe(first?.worker);
      expect((await fetch(`${await app.url()}/customers`)).status).toBe(200);
    });

    it("fails when its workers die at start again and again", async () => {
      const taken = createServer().listen(0, "127.0.0.1");
      await once(taken, "listening");
      const { port } = taken.address() as { port: number };
      const { code, stderr } = await start({ WEB_CONCURRENCY: "2", PORT: String(port) }).exited;
      taken.close();
      expect(code).toBe(1);
      expect(stderr).toContain("EADDRINUSE");
    });
  });
});
