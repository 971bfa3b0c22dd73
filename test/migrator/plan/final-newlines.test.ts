import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { useTestDatabase } from "../../support/database";
import { makeDirectory, runMigrator, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

const files = {
  "1_a.sql": "-- migrate:up\nCREATE TABLE a ();\n\n-- migrate:down\nDROP TABLE a;",
  "2_b.ts": "export async function up({ client }) {\n  await client.query('CREATE TABLE b ()');\n}",
  "3_c.up.sql": "CREATE TABLE c ();",
  "3_c.down.sql": "DROP TABLE c;",
  "repeatable/v.sql": "CREATE OR REPLACE VIEW v AS SELECT 1 AS one;",
};

const run = (dir: string, ...args: string[]) =>
  runMigrator([...args, "--dir", dir, "--json"], { DATABASE_URL: database.url });

async function rewrite(dir: string, change: (text: string, name: string) => string): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(dir, name), change(text, name));
  }
}

it("final newlines that a formatter adds or takes away are no edit", async () => {
  const dir = writeMigrations(files);
  expect(await run(dir, "up")).toMatchObject({ code: 0 });
  const applied = await database.query("SELECT name, checksum, applied_at FROM schemagate.migrations ORDER BY name");

  for (const end of ["\n", "\n\n\n", "\r\n", ""]) {
    await rewrite(dir, (text, name) => text + (name === "3_c.down.sql" ? "\n" : end));
    expect(await run(dir, "up")).toMatchObject({ code: 0 });
    expect(await run(dir, "status", "--check")).toMatchObject({ code: 0 });
  }
  expect(await database.query("SELECT name, checksum, applied_at FROM schemagate.migrations ORDER BY name")).toEqual(
    applied,
  );
  expect(await run(dir, "down", "--steps", "1")).toMatchObject({ code: 0 });
});

it("a sealed set with other final newlines passes", async () => {
  const dir = writeMigrations(files);
  expect(await run(dir, "up")).toMatchObject({ code: 0 });
  await rewrite(dir, (text) => `${text}\n`);
  const out = makeDirectory();
  expect(await run(dir, "seal", "--out", out)).toMatchObject({ code: 0 });
  rmSync(dir, { recursive: true });
  expect(await run(out, "up")).toMatchObject({ code: 0 });
});

it.each([
  ["white space within", (text: string) => text.replace("TABLE a", "TABLE  a")],
  ["white space at the end of a line", (text: string) => text.replace("a ();", "a (); ")],
  ["a newline at the beginning", (text: string) => `\n${text}`],
  ["white space at the end", (text: string) => `${text} `],
])("fails when %s was changed", async (_, change) => {
  const dir = writeMigrations(files);
  expect(await run(dir, "up")).toMatchObject({ code: 0 });
  writeFileSync(join(dir, "1_a.sql"), change(files["1_a.sql"]));
  expect(await run(dir, "up")).toMatchObject({ code: 4, stderr: expect.stringContaining("checksum-mismatch") });
});
