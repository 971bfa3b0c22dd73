import { Client } from "pg";
import { queryAt, startTestServer, type TestServer } from "../support/database";
import { imageWith } from "./support/images";
import { removeReplicas, startReplica } from "./support/pods";

/** As a B1ms, the smallest server that Azure sells: https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-limits */
const maxConnections = 35;
const replicas = 20;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer([`max_connections=${maxConnections}`]);
});

afterAll(async () => {
  await removeReplicas();
  await server.remove();
});

/** Five pending ones beside the project's own: each leaves one mark a run, one is slow, one is out of any transaction. */
const pending = {
  "20991231000001_marks.sql":
    "-- migrate:up\nCREATE TABLE marks (migration text);\nINSERT INTO marks VALUES ('marks');\n",
  "20991231000002_slow.sql": "-- migrate:up\nSELECT pg_sleep(4);\nINSERT INTO marks VALUES ('slow');\n",
  "20991231000003_index.sql":
    "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY marks_migration_idx ON marks (migration);\n",
  "20991231000004_fourth.sql": "-- migrate:up\nINSERT INTO marks VALUES ('fourth');\n",
  "20991231000005_fifth.sql": "-- migrate:up\nINSERT INTO marks VALUES ('fifth');\n",
};

/** Counts the connections of clients until it is stopped. */
async function watchConnections(url: string): Promise<() => Promise<number>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  let most = 0;
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      const { rows } = await client.query(
        "SELECT count(*)::int AS count FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
      );
      most = Math.max(most, rows[0].count);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return async () => {
    stopped = true;
    await watching;
    await client.end();
    return most;
  };
}

test("twenty replicas that start at once on a small server all become ready, and each migration is applied once", async () => {
  const image = imageWith("herd", pending);
  const stopWatching = await watchConnections(server.url);
  // A server of this size has room for one connection of each replica's app.
  const env = { WEB_CONCURRENCY: "1", DATABASE_POOL_MAX: "1" };

  const herd = await Promise.all(Array.from({ length: replicas }, () => startReplica({ image, url: server.url, env })));
  const codes = await Promise.all(herd.map(({ migrated }) => migrated));
  await Promise.all(herd.map((replica) => replica.ready()));

  expect(codes).toEqual(Array(replicas).fill(0));
  const most = await stopWatching();
  process.stdout.write(`herd: ${replicas} replicas, at most ${most} of ${maxConnections} connections at a time\n`);
  expect(await queryAt(server.url, "SELECT migration, count(*)::int FROM marks GROUP BY 1 ORDER BY 1")).toEqual(
    ["fifth", "fourth", "marks", "slow"].map((migration) => ({ migration, count: 1 })),
  );
  expect(
    await queryAt(server.url, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'marks_migration_idx'::regclass"),
  ).toEqual([{ indisvalid: true }]);
  const lines = (await Promise.all(herd.map((replica) => replica.migratorLines()))).flat();
  const applied = lines.filter(({ event }) => event === "migrated").map(({ migration }) => migration);
  expect(applied).toHaveLength(new Set(applied).size);
  expect(new Set(applied)).toEqual(
    new Set((await queryAt(server.url, "SELECT name FROM schemagate.migrations")).map(({ name }) => name)),
  );
});
