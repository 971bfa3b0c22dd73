import { Client } from "pg";
import { lockKey } from "../../../migrator/lock/lock";
import { queryAt, startTestServer, type TestServer } from "../../support/database";
import { runMigrator, startMigrator, waitUntil, writeMigrations } from "../../support/migrator";
import { freePort } from "../../support/pgbouncer";

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer([`port=${await freePort()}`]);
});

beforeEach(() => queryAt(server.url, "DROP SCHEMA IF EXISTS schemagate CASCADE; DROP TABLE IF EXISTS a"));

afterAll(() => server.remove());

const quick = { "1_a.sql": "-- migrate:up\nCREATE TABLE a (id integer);\n" };
const slow = { "1_a.sql": `${quick["1_a.sql"]}SELECT pg_sleep(60);\n` };

const args = (files: Readonly<Record<string, string>>) => [
  ...["up", "--no-json", "--dir", writeMigrations(files), "--database-url", server.url],
];

async function isActive(text: string): Promise<boolean> {
  const rows = await queryAt(
    server.url,
    "SELECT FROM pg_stat_activity WHERE query LIKE $1 AND state = 'active' AND pid <> pg_backend_pid()",
    [`%${text}%`],
  );
  return rows.length > 0;
}

test.each(["fast", "immediate"] as const)(
  "a server that restarts (%s) in mid-migration makes the run exit 7, and the next run succeeds",
  async (mode) => {
    const run = startMigrator(args(slow));
    await waitUntil(() => isActive("pg_sleep"), "the migration");

    await server.cluster.stop(mode);
    const result = await run.ended;
    await server.cluster.start();

    expect(result).toMatchObject({
      code: 7,
      stderr: expect.stringContaining("the connection was lost during migration 1_a"),
    });
    expect(await runMigrator(args(quick))).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("1 migration applied"),
    });
    expect(await queryAt(server.url, "SELECT outcome FROM schemagate.runs")).toEqual([{ outcome: "applied" }]);
  },
);

test("a server that restarts while a run waits for the lock is waited for, and the run goes on", async () => {
  const holder = new Client({ connectionString: server.url });
  holder.on("error", () => undefined);
  await holder.connect();
  await holder.query(`SELECT pg_advisory_lock(${lockKey("app", "schemagate")})`);
  const run = startMigrator(args(quick));
  let stderr = "";
  run.child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  await waitUntil(async () => stderr.includes("waiting for the lock"), "the wait");

  await server.cluster.stop("fast");
  await waitUntil(async () => stderr.includes("trying again"), "the wait for the server");
  await server.cluster.start();

  expect(await run.ended).toMatchObject({ code: 0, stdout: expect.stringContaining("1 migration applied") });
});
