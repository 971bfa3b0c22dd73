import { loadSource } from "../../../migrator/source/load";
import { writeMigrations } from "../../support/migrator";

const sql = "-- migrate:up\nSELECT 1;\n";

test("orders migrations by number and leaves other files alone", async () => {
  const dir = writeMigrations({ "10_b.sql": sql, "9_a.sql": sql, "README.md": "", "11_c.ts": "", "types.d.ts": "" });

  const source = await loadSource(dir);

  expect(source.migrations.map(({ name, kind }) => [name, kind])).toEqual([
    ["9_a", "sql"],
    ["10_b", "sql"],
    ["11_c", "module"],
  ]);
  expect(source.problems).toEqual([]);
});

test("fails when the directory is not there", async () => {
  await expect(loadSource("/nowhere/at-all")).rejects.toMatchObject({ code: "no-directory", exitCode: 2 });
});

test("fails when the directory holds no migration: a gate over a mistyped path would always be open", async () => {
  await expect(loadSource(writeMigrations({ "notes.txt": "" }))).rejects.toMatchObject({
    code: "no-migrations",
    exitCode: 2,
  });
});

test("reports everything wrong with a set at once", async () => {
  const source = await loadSource(
    writeMigrations({
      "1_a.sql": sql,
      "1_b.sql": sql,
      "2_latin1.sql": Buffer.from([0x2d, 0x2d, 0xe9]),
      "init.sql": sql,
      "3_empty.sql": "-- migrate:up\n",
    }),
  );

  expect(source.problems.map(({ code }) => code).sort()).toEqual([
    "bad-name",
    "duplicate-version",
    "empty-up",
    "not-utf8",
  ]);
});
