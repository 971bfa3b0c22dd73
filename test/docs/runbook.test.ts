import { Client } from "pg";
import { createTestDatabase } from "../support/database";
import { runMigrator, startMigrator, waitUntil, writeMigrations } from "../support/migrator";
import { readFences } from "./support";

const [applied = "", runs = "", holder = "", blocking = ""] = readFences("runbook.md")
  .filter(({ language }) => language === "sql")
  .map(({ text }) => text);

test("the runbook's queries show what was applied, what failed, who holds the lock and who is in front", async () => {
  const database = await createTestDatabase();
  const dir = writeMigrations({
    "1_a.sql": "-- migrate:up\nCREATE TABLE a (id integer);\n",
    "2_b.sql": "-- migrate:up lock_timeout:60s\nALTER TABLE a ADD COLUMN b integer;\nSELECT nonsense;\n",
  });
  await runMigrator(["up", "--dir", dir, "--database-url", database.url, "--to", "1_a"]);
  const inFront = new Client(database.url);
  await inFront.connect();
  await inFront.query("BEGIN; LOCK TABLE a IN ACCESS SHARE MODE");
  const { ended } = startMigrator(["up", "--dir", dir, "--database-url", database.url]);

  await waitUntil(async () => (await database.query(blocking)).length > 0, "a migration that waits");
  expect(await database.query(holder)).toEqual([
    expect.objectContaining({ application_name: expect.stringMatching(/^schemagate\//), state: "active" }),
  ]);
  expect(await database.query(blocking)).toEqual([
    expect.objectContaining({
      application_name: expect.stringMatching(/^schemagate\//),
      query: expect.stringContaining("LOCK TABLE a"),
    }),
  ]);
  await inFront.query("COMMIT");
  await inFront.end();
  expect((await ended).code).toBe(6);

  expect(await database.query(applied)).toEqual([expect.objectContaining({ name: "1_a", progress: null })]);
  expect(await database.query(runs)).toEqual([
    expect.objectContaining({ name: "2_b", outcome: "failed", error: expect.stringContaining("nonsense") }),
    expect.objectContaining({ name: "1_a", action: "up" }),
  ]);
  await database.drop();
});
