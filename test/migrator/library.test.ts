import { isCurrent, loadSource, migrate, type RunEvent, SchemagateError, status } from "../../migrator";
import { useTestDatabase, withClient } from "../support/database";
import { writeMigrations } from "../support/migrator";

const database = useTestDatabase();

const dir = writeMigrations({
  "1_a.sql": "-- migrate:up\nCREATE TABLE a (id integer);\n-- migrate:down\nDROP TABLE a;\n",
  "2_b.sql": "-- migrate:up\nCREATE TABLE b (id integer);\n-- migrate:down\nDROP TABLE b;\n",
});

const config = () => ({ connectionString: database.url });

test("migrate applies, reverts and tells what it does", async () => {
  const events: RunEvent[] = [];

  expect(await migrate(config(), { source: dir, onEvent: (event) => events.push(event) })).toEqual({
    migrations: ["1_a", "2_b"],
    current: "2_b",
  });
  expect(events.map(({ event }) => event)).toEqual(["migrating", "migrated", "migrating", "migrated"]);
  expect(await migrate(config(), { source: dir, direction: "down", target: { all: true } })).toEqual({
    migrations: ["2_b", "1_a"],
    current: undefined,
  });
});

test("a client that is given is used, and left open", async () => {
  await withClient(database.url, async (client) => {
    await migrate(client, { source: dir, target: { steps: 1 } });

    expect((await client.query("SELECT to_regclass('a')::text AS found")).rows).toEqual([{ found: "a" }]);
  });
});

test("status tells how each migration stands", async () => {
  await migrate(config(), { source: dir, target: { steps: 1 } });

  expect(await status(config(), { source: dir })).toMatchObject({
    open: false,
    current: "1_a",
    migrations: [
      { name: "1_a", state: "applied" },
      { name: "2_b", state: "pending" },
    ],
  });
});

test("isCurrent is one query, and true when current or ahead", async () => {
  const source = await loadSource(dir);
  await withClient(database.url, async (client) => {
    const statements: unknown[] = [];
    const counting = {
      query: (sql: string) => {
        statements.push(sql);
        return client.query(sql);
      },
    } as unknown as typeof client;

    await migrate(client, { source, target: { steps: 1 } });
    expect(await isCurrent(counting, source)).toBe(false);
    await migrate(client, { source });
    statements.length = 0;
    expect(await isCurrent(counting, source)).toBe(true);
    expect(statements).toHaveLength(1);
    const older = await loadSource(
      writeMigrations({ "1_a.sql": "-- migrate:up\nCREATE TABLE a (id integer);\n-- migrate:down\nDROP TABLE a;\n" }),
    );
    expect(await isCurrent(counting, older)).toBe(true);
  });
});

test("errors carry the code and the exit code of the command line", async () => {
  const broken = writeMigrations({ "1_a.sql": "-- migrate:up\nSELECT nonsense;\n" });

  const error = await migrate(config(), { source: broken }).catch((thrown) => thrown);

  expect(error).toBeInstanceOf(SchemagateError);
  expect(error).toMatchObject({ code: "migration-failed", exitCode: 6, details: { sqlState: "42703" } });
});

test("an aborted signal cancels the statement on the server and rolls back", async () => {
  const slow = writeMigrations({
    "1_slow.sql": "-- migrate:up\nCREATE TABLE slow (id integer);\nSELECT pg_sleep(60);\n",
  });
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 500);

  await expect(migrate(config(), { source: slow, signal: controller.signal })).rejects.toMatchObject({
    code: "interrupted",
  });
  expect(await database.query("SELECT to_regclass('slow') AS found")).toEqual([{ found: null }]);
});
