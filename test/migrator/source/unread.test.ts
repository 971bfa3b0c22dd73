import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listMigrationNames, loadSource } from "../../../migrator/source/load";
import { useTestDatabase } from "../../support/database";
import { jsonLines, makeDirectory, runMigrator, writeMigrations } from "../../support/migrator";

const sql = "-- migrate:up\nSELECT 1;\n";
const code = "export async function up() {}\n";

/** Problems of a set, as code and message, without the directory. */
async function problemsOf(dir: string): Promise<string[]> {
  const { problems } = await loadSource(dir);
  return problems.map(({ code, message }) => `${code} ${message.replaceAll(`${dir}/`, "")}`);
}

/** Names of the files of a set that are refused because nobody would read them. */
async function unreadOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const found = await problemsOf(writeMigrations({ "1_a.sql": sql, ...files }));
  return found.filter((one) => one.startsWith("unread-file ")).map((one) => one.split(" ")[1] ?? "");
}

describe("what could be a migration and is not read", () => {
  const database = useTestDatabase();

  it("INV-23: is refused, with all such files and how to mend each", async () => {
    const dir = writeMigrations({
      "1_a.sql": "-- migrate:up\nCREATE TABLE a ();\n",
      "2_B.SQL": sql,
      "3_c/migration.sql": sql,
      "Repeatable/v.sql": "CREATE VIEW v AS SELECT 1;\n",
    });
    const { code, stderr } = await runMigrator(["up", "--json"], { DATABASE_URL: database.url, SCHEMAGATE_DIR: dir });
    expect(code).toBe(4);
    const [failed] = jsonLines(stderr).slice(-1) as { problems: { message: string; hint: string }[] }[];
    expect(
      failed?.problems.map(({ message, hint }) => [message, hint].map((text) => text.replaceAll(`${dir}/`, ""))),
    ).toEqual([
      [
        "2_B.SQL could be a migration, and is not read: its ending is in other letters",
        'Rename it to 2_B.sql. If it is none, ignore it in schemagate.json: "ignore": ["2_B.SQL"].',
      ],
      [
        "3_c/migration.sql could be a migration, and is not read: only the folders repeatable and hooks are read",
        'Move it up, as 3_c.sql. If it is none, ignore it in schemagate.json: "ignore": ["3_c/migration.sql"].',
      ],
      [
        "Repeatable/v.sql could be a migration, and is not read: the folder is called repeatable, not Repeatable",
        'Rename the folder. If it is none, ignore it in schemagate.json: "ignore": ["Repeatable/v.sql"].',
      ],
    ]);
    expect(await database.query("SELECT to_regclass('a') AS a")).toEqual([{ a: null }]);
  });

  it.each([
    ["status"],
    ["lint"],
    ["verify"],
    ["check"],
    ["plan"],
    ["stamp", "1_a"],
    ["seal", "--out", makeDirectory()],
  ])("is refused by %s too", async (...args) => {
    const dir = writeMigrations({ "1_a.sql": sql, "2_b.SQL": sql });
    const { code, stdout, stderr } = await runMigrator([...args, "--dir", dir, "--json"], {
      DATABASE_URL: database.url,
    });
    expect(`${stdout}${stderr}`).toContain("2_b.SQL could be a migration");
    expect(code).toBe(args[0] === "status" ? 0 : 4);
  });
});

it("a file is refused for an ending that was meant otherwise", async () => {
  const files = [
    "2_b.Sql",
    "2_c.TS",
    "2_d.tsx",
    "2_e.sql.bak",
    "2_k.sql.txt",
    "2_f",
    "2_g.slq",
    "2_h.psql",
    "2_i.py",
    "init.SQL",
    "2_j.sql ",
  ];
  expect(await unreadOf(Object.fromEntries(files.map((name) => [name, sql])))).toEqual(
    expect.arrayContaining(files.map((name) => name.trim())),
  );
});

it("a file is refused for a folder that is not read", async () => {
  const files = [
    "Hooks/afterAll.sql",
    "hook/afterAll.ts",
    "repeatable/views/v.sql",
    "sub/4_x.ts",
    "sub/deep/er/x.sql",
    "3_c/index.ts",
  ];
  expect((await unreadOf(Object.fromEntries(files.map((name) => [name, sql])))).sort()).toEqual([...files].sort());
});

it("documents, data, hidden files and what editors leave are no migrations", async () => {
  const files = [
    "README.md",
    "1_a.md",
    "2_notes.txt",
    "countries.csv",
    "3_data.bin",
    "meta/0000_snapshot.json",
    "meta/_journal.json",
  ];
  const aside = [
    "2_b.sql~",
    ".2_b.sql.swp",
    ".git/2_b.sql",
    "#2_b.sql#",
    "node_modules/x/1_y.js",
    "1_a.js.map",
    "LICENSE",
    "9_a.d.ts",
  ];
  expect(await problemsOf(writeMigrations({ "1_a.sql": sql, ...of(files), ...of(aside) }))).toEqual([]);
});

it("modules in folders that migrations import are no migrations", async () => {
  const files = { "lib/helper.ts": "", "lib/deep/more.js": "", "2_b/rows.ts": "", "repeatable/lib/x.ts": "" };
  expect(await problemsOf(writeMigrations({ "1_a.sql": sql, "2_b.ts": code, ...files }))).toEqual([]);
});

it("a folder with a migration's name is refused, an unreadable link and one out of the directory too", async () => {
  const dir = writeMigrations({ "1_a.sql": sql });
  mkdirSync(join(dir, "3_c.sql"));
  const elsewhere = writeMigrations({ "9_z.sql": sql });
  symlinkSync(elsewhere, join(dir, "legacy"));
  symlinkSync("nowhere", join(dir, "4_d.sql"));
  symlinkSync(".", join(dir, "again"));
  expect((await problemsOf(dir)).map((one) => one.replace(/, to .*|: cannot.*/, ""))).toEqual([
    "unread-file 3_c.sql could be a migration, and is not read: it is a folder, with a name of a migration",
    "outside-link legacy is a link out of the migrations directory",
    "unreadable 4_d.sql",
  ]);
});

it("of two files of one name neither is passed over, and what undoes is not run as up", async () => {
  const dir = writeMigrations({
    ...{ "1_a.sql": sql, "repeatable/v.sql": "SELECT 1;\n", "repeatable/v.ts": code },
    ...{ "hooks/afterAll.sql": "SELECT 1;\n", "hooks/afterAll.js": code, "repeatable/w.down.sql": "SELECT 1;\n" },
  });
  expect((await problemsOf(dir)).sort()).toEqual([
    "down-of-none repeatable/w.down.sql: what is in this folder only goes up, and this would run as up",
    "duplicate-name hooks/afterAll.js and hooks/afterAll.sql are both hooks/afterAll: only one of them would be known",
    "duplicate-name repeatable/v.sql and repeatable/v.ts are both repeatable/v: only one of them would be known",
  ]);
});

describe("ignore in schemagate.json", () => {
  function project(ignore: unknown, files: Readonly<Record<string, string>>): string {
    const root = writeMigrations({ "schemagate.json": JSON.stringify({ ignore }), "package.json": "{}" });
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(root, "m", name, ".."), { recursive: true });
      writeFileSync(join(root, "m", name), text);
    }
    return join(root, "m");
  }

  it("takes what it names out of the set: files, and folders with all in them", async () => {
    const dir = project(["legacy/**", "*.bak.sql", "old/", "**/[ab].SQL", "3_c"], {
      ...{ "1_a.sql": sql, "1_a.bak.sql": sql, "legacy/deep/0_x.sql": sql, "old/1_y.sql": sql },
      ...{ "sub/a.SQL": sql, "3_c/migration.sql": sql, "2_b.ts": code },
    });
    expect(await problemsOf(dir)).toEqual([]);
    expect(await listMigrationNames(dir)).toEqual(["1_a", "2_b"]);
  });

  it("is not read into a sealed set", async () => {
    const dir = project(["2_*"], { "1_a.sql": sql, "2_b.sql": sql });
    const out = makeDirectory();
    expect(await runMigrator(["seal", "--dir", dir, "--out", out])).toMatchObject({ code: 0 });
    expect((await loadSource(out)).migrations.map(({ name }) => name)).toEqual(["1_a"]);
  });

  it("leaves what it does not name as it was", async () => {
    const dir = project(["legacy"], { "1_a.sql": sql, "legacy2/2_b.sql": sql });
    expect((await problemsOf(dir)).length).toBe(1);
  });

  it.each([["!1_a.sql"], ["/tmp/x"], ["../x"], ["a\\b"], [""]])("fails for a pattern like %s", async (pattern) => {
    await expect(loadSource(project([pattern], { "1_a.sql": sql }))).rejects.toMatchObject({
      code: "bad-key",
      exitCode: 2,
    });
  });
});

function of(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, ""]));
}
