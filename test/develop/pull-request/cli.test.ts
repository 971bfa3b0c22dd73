import { createTestDatabase } from "../../support/database";
import { jsonLines, runMigrator, writeMigrations } from "../../support/migrator";

const files = {
  "1_a.sql": "-- migrate:up\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- migrate:down\nDROP TABLE orders;\n",
  "2_b.sql": "-- migrate:up\nDROP TABLE orders;\n-- migrate:down\nCREATE TABLE orders (id bigint PRIMARY KEY);\n",
};

test("plan exits 0 whatever it tells, in the form that is asked for", async () => {
  const database = await createTestDatabase();
  const dir = writeMigrations(files);
  const plan = (...args: string[]) => runMigrator(["plan", "--dir", dir, ...args], { DATABASE_URL: database.url });

  const [markdown, json] = [await plan("--format", "markdown"), await plan()];
  await runMigrator(["up", "--dir", dir], { DATABASE_URL: database.url });
  const nothing = await plan("--format", "words");
  await database.drop();

  expect([markdown.code, json.code, nothing.code]).toEqual([0, 0, 0]);
  expect(markdown.stdout).toContain(
    "| `2_b` | 1 | public.orders: blocks reads, writes, DDL | no | ❌ 1 error | ✅ up, down, up |",
  );
  expect(jsonLines(json.stdout)).toMatchObject([{ event: "plan", migrations: [{ name: "1_a" }, { name: "2_b" }] }]);
  expect(nothing.stdout).toBe("nothing to apply\n");
});
