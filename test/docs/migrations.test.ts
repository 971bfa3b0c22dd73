import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createTestDatabase } from "../support/database";
import { root, runMigrator, writeMigrations } from "../support/migrator";

test("every example of docs/migrations.md runs", async () => {
  const page = readFileSync(join(root, "docs/migrations.md"), "utf8");
  const examples = [...page.matchAll(/^```(sql|ts)\n([\s\S]*?)^```$/gm)];
  expect(examples.map(([, language]) => language)).toEqual(["sql", "ts", "ts"]);
  const dir = writeMigrations(
    Object.fromEntries(examples.map(([, language, text = ""], index) => [`${index + 1}_example.${language}`, text])),
  );
  const database = await createTestDatabase();
  await database.query(
    "CREATE TABLE orders AS SELECT id, 2 AS quantity, 3 AS price, 0 AS total FROM generate_series(1, 1500) id",
  );
  await database.query("CREATE TABLE customers AS SELECT 'A@B.example' AS email");

  const result = await runMigrator(["up", "--no-json", "--dir", dir, "--database-url", database.url]);

  expect(result).toMatchObject({ code: 0, stderr: "" });
  expect(await database.query("SELECT DISTINCT total FROM orders")).toEqual([{ total: 6 }]);
  expect(await database.query("SELECT email FROM customers")).toEqual([{ email: "a@b.example" }]);
  await database.drop();
});
