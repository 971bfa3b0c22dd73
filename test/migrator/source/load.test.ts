import { listMigrationNames, loadSource } from "../../../migrator/source/load";
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

test("an SQL migration's name may hold dots, as golang-migrate's do; a module's may not", async () => {
  const dir = writeMigrations({
    "000006_upgrade_v6.0.up.sql": "SELECT 1;\n",
    "000006_upgrade_v6.0.down.sql": "SELECT 1;\n",
    "7_v6.0.1.sql": sql,
    "8_a.test.ts": "",
    "9_a..sql": sql,
  });

  const { migrations, problems } = await loadSource(dir);

  expect(migrations.map(({ name }) => name)).toEqual(["000006_upgrade_v6.0", "7_v6.0.1"]);
  expect(await listMigrationNames(dir)).toEqual(expect.arrayContaining(["000006_upgrade_v6.0", "7_v6.0.1"]));
  expect(problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('"8_a.test.ts" is no migration name'),
    expect.stringContaining('"9_a..sql" is no migration name'),
  ]);
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

test("fails when a marker stands in a file of one direction: its statements would run in the wrong one", async () => {
  const { problems } = await loadSource(
    writeMigrations({
      "1_a.up.sql": "-- migrate:up\nCREATE TABLE a ();\n-- migrate:down\nDROP TABLE a;\n",
      "2_b.up.sql": "-- migrate:up transaction:false\nSELECT 1;\n",
      "2_b.down.sql": "-- migrate:up transaction:false\nSELECT 1;\n",
      "3_c.up.sql": "-- Late.\n-- migrate:up transaction:false\nSELECT 1;\n",
    }),
  );

  expect(
    problems.map(({ code, message }) => [code, message.replace(/: all of this.*/, "").replace(/^.*\//, "")]),
  ).toEqual([
    ["stray-marker", '1_a.up.sql:3: "-- migrate:down" counts for nothing here'],
    ["stray-marker", '2_b.down.sql:1: "-- migrate:up" counts for nothing here'],
    ["stray-marker", '3_c.up.sql:2: "-- migrate:up" counts for nothing here'],
  ]);
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
