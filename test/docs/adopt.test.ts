import { cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { createAdoptedDatabase, fixture, writeNamed } from "../migrator/adopt/support";
import { bin, cleanEnvironment, start } from "../support/migrator";
import { commandsOf, readFences } from "./support";

// Each command of docs/adopt.md takes over a database as that tool left it.

const commands = readFences("adopt.md")
  .filter(({ language }) => language === "sh")
  .flatMap(commandsOf);

const stamped = ["20260101080000_create_customers", "20260102080000_create_orders", "20260103080000_add_orders_total"];
const numbered = ["1_create_customers", "2_create_orders", "3_add_orders_total"];

/** Names of the migrations here, where a tool's own are not timestamps. */
const names: Readonly<Record<string, readonly string[]>> = {
  flyway: numbered,
  "golang-migrate": numbered,
  "node-pg-migrate": [
    "1767254400000_create-customers",
    "1767340800000_create-orders",
    "1767427200000_add-orders-total",
  ],
};

/** Files that a command names, by their paths in its project. */
const files: Readonly<Record<string, string>> = {
  "alembic/versions": "alembic-versions",
  "drizzle/meta/_journal.json": "drizzle-journal.json",
};

test("there is a command for every tool", () => {
  expect([...new Set(commands.map((command) => /--from ([\w-]+)/.exec(command)?.[1]))].sort()).toEqual(
    ["alembic", "dbmate", "drizzle", "flyway", "golang-migrate", "knex", "node-pg-migrate", "prisma", "umzug"].sort(),
  );
});

test.each(commands)("%s", async (command) => {
  const [, tool = ""] = /--from ([\w-]+)/.exec(command) ?? [];
  const database = await createAdoptedDatabase(tool);
  const [, schema, table] = /--table (\w+)\.(\w+)/.exec(command) ?? [];
  if (schema) await database.query(`CREATE SCHEMA ${schema}; ALTER TABLE ${table} SET SCHEMA ${schema}`);
  const dir = writeNamed(...(names[tool] ?? stamped));
  for (const [path, name] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, "..", path)), { recursive: true });
    cpSync(fixture(name), join(dir, "..", path), { recursive: true });
  }

  // There is no terminal to ask on.
  const args = [...command.split(" ").slice(1), "--yes", "--dir", dir, "--json"];
  const env = cleanEnvironment({ DATABASE_URL: database.url });
  const { code, stderr } = await start(process.execPath, [bin, ...args], env, { cwd: join(dir, "..") }).ended;

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const recorded = await database.query("SELECT count(*)::int AS count FROM schemagate.migrations");
  expect(recorded).toEqual([{ count: 3 }]);
  await database.drop();
});
