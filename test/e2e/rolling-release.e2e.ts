import { useTestDatabase } from "../support/database";
import { goodImage, imageWith } from "./support/images";
import { type Replica, removeReplicas, startReadyReplica } from "./support/pods";
import { type SteadyTraffic, startTraffic } from "./support/traffic";

const replicas = 3;

afterEach(removeReplicas);
const database = useTestDatabase();

/** Expand: what version 1 does not know of does not disturb it. */
const expand = {
  "20991231000000_add_phone.sql":
    "-- migrate:up\nALTER TABLE customers ADD COLUMN phone text;\nCREATE TABLE marks (migration text);\n" +
    "INSERT INTO marks VALUES ('expand');\n-- migrate:down\nDROP TABLE marks;\nALTER TABLE customers DROP COLUMN phone;\n",
  "20991231000001_index_phone.sql":
    "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY customers_phone_idx ON customers (phone);\n" +
    "-- migrate:down transaction:false\nDROP INDEX CONCURRENTLY customers_phone_idx;\n",
};

/** As the platform does: the new replica gets requests once it is ready, the old one ends once it gets none. */
async function replace(old: Replica, image: string, traffic: SteadyTraffic): Promise<Replica> {
  const replica = await startReadyReplica({ image, url: database.url, env: { WEB_CONCURRENCY: "1" } });
  traffic.rotation.add(replica.url);
  traffic.rotation.delete(old.url);
  await traffic.drained(old.url);
  await old.remove();
  return replica;
}

test("an expanding release rolls out under traffic, an old replica restarts in the middle, and a rollback: no request fails", async () => {
  const next = imageWith("next", expand);
  const first = { image: goodImage, url: database.url, env: { WEB_CONCURRENCY: "1" } };
  const running = await Promise.all(Array.from({ length: replicas }, () => startReadyReplica(first)));
  const traffic = startTraffic(running.map(({ url }) => url));
  const [one, two, three] = running as [Replica, Replica, Replica];

  const rolledOut = [await replace(one, next, traffic)];
  // The database is ahead of version 1 now; a replica of it that restarts must still start.
  const restarted = await replace(two, goodImage, traffic);
  expect(await restarted.migratorLines()).toContainEqual(expect.objectContaining({ event: "warning", code: "ahead" }));
  rolledOut.push(await replace(restarted, next, traffic), await replace(three, next, traffic));
  for (const replica of rolledOut) {
    await replace(replica, goodImage, traffic);
  }
  const { answered, failures } = await traffic.stop();

  process.stdout.write(`rolling release: ${answered} requests answered, ${failures.length} failed\n`);
  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(100);
  expect(await database.query("SELECT migration FROM marks")).toEqual([{ migration: "expand" }]);
  expect(
    await database.query("SELECT count(*)::int AS twice FROM schemagate.migrations GROUP BY name HAVING count(*) > 1"),
  ).toEqual([]);
  const [{ customers } = {}] = await database.query("SELECT count(*)::int AS customers FROM customers");
  expect(customers).toBeGreaterThan(50);
});
