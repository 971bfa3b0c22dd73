import { useTestDatabase } from "../../support/database";
import { behindTarget, jsonLines, runMigrator, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

const table = (name: string) =>
  `-- migrate:up\nCREATE TABLE ${name} (id integer);\n-- migrate:down\nDROP TABLE ${name};\n`;
const files = {
  "20260101000001_one.sql": table("one"),
  "20260101000002_two.sql": table("two"),
  "20260101000003_three.sql": table("three"),
};
const dir = writeMigrations(files);

function run(command: string, ...more: string[]) {
  return runIn(dir, command, ...more);
}

function runIn(from: string, command: string, ...more: string[]) {
  return behindTarget(runMigrator([command, "--no-json", "--dir", from, "--database-url", database.url, ...more]));
}

async function tables(): Promise<unknown[]> {
  const rows = await database.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");
  return rows.map(({ tablename }) => tablename);
}

describe("up", () => {
  test("goes as far as --to names, by a unique beginning of the name", async () => {
    expect((await run("up", "--to", "20260101000002")).stdout).toContain("2 migrations applied");
    expect(await tables()).toEqual(["one", "two"]);
  });

  test("applies as many as --steps says", async () => {
    expect((await run("up", "--steps", "1")).code).toBe(0);
    expect(await tables()).toEqual(["one"]);
  });

  test("fails when --to and --steps are both given", async () => {
    expect(await run("up", "--to", "2026", "--steps", "1")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("[two-targets, exit 2]"),
    });
  });

  test("--dry-run shows what would be applied and leaves the database alone", async () => {
    const { code, stdout } = await run("up", "--dry-run", "--steps", "2");

    expect(code).toBe(0);
    expect(stdout).toBe("would apply 20260101000001_one\nwould apply 20260101000002_two\n2 steps, nothing was done\n");
    expect(await database.query("SELECT to_regnamespace('schemagate') AS found")).toEqual([{ found: null }]);
  });

  test("--sql prints a script that does the same as up, without a database", async () => {
    const script = await runMigrator(["up", "--sql", "--dir", dir], { NODE_ENV: "production" });
    expect(script).toMatchObject({ code: 0, stderr: "" });

    await database.query(script.stdout);

    expect(await tables()).toEqual(["one", "three", "two"]);
    expect(await run("up")).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing pending"), stderr: "" });
    expect((await run("history", "--verbose")).stdout).toContain("offline script");
  });

  test("a script that is run twice stops before it changes anything", async () => {
    const { stdout } = await runMigrator(["up", "--sql", "--dir", dir]);
    await database.query(stdout);

    await expect(database.query(stdout)).rejects.toThrow("duplicate key");
  });

  test("--sql begins behind --from and ends with --to", async () => {
    const { stdout } = await runMigrator([
      "up",
      "--sql",
      "--from",
      "20260101000001",
      "--to",
      "20260101000002",
      "--dir",
      dir,
    ]);

    expect(stdout.match(/CREATE TABLE (one|two|three)/g)).toEqual(["CREATE TABLE two"]);
  });

  test("--sql is refused when a migration is code", async () => {
    const mixed = writeMigrations({ ...files, "20260101000004_code.ts": "export const up = () => {};" });

    expect(await runIn(mixed, "up", "--sql")).toMatchObject({
      code: 4,
      stderr: expect.stringContaining("[not-sql, exit 4]"),
    });
  });
});

describe("down", () => {
  beforeEach(() => run("up"));

  test("--to keeps the named migration and reverts what was applied behind it", async () => {
    expect((await run("down", "--to", "20260101000001_one")).stdout).toContain("current: 20260101000001_one");
    expect(await tables()).toEqual(["one"]);
  });

  test("--steps reverts so many, latest first", async () => {
    const { stdout } = await run("down", "--steps", "2");

    expect(stdout.indexOf("reverted 20260101000003_three")).toBeLessThan(stdout.indexOf("reverted 20260101000002_two"));
    expect(await tables()).toEqual(["one"]);
  });

  test("--all reverts everything", async () => {
    expect((await run("down", "--all")).stdout).toContain("no migration is applied");
    expect(await tables()).toEqual([]);
  });

  test("fails as a whole when one of several has no down", async () => {
    await database.query("TRUNCATE schemagate.migrations");
    const half = writeMigrations({ ...files, "20260101000002_two.sql": "-- migrate:up\nSELECT 1;\n" });
    await runIn(half, "up", "--to", "20260101000002_two").catch(() => undefined);
    await runMigrator(["stamp", "head", "--dir", half, "--database-url", database.url]);

    expect(await runIn(half, "down", "--all")).toMatchObject({
      code: 4,
      stderr: expect.stringContaining("[no-down, exit 4]"),
    });
    expect(await tables()).toEqual(["one", "three", "two"]);
  });
});

test("redo reverts the last migration and applies it again", async () => {
  await run("up");
  await database.query("INSERT INTO three VALUES (1)");

  const { code, stdout } = await run("redo");

  expect(code).toBe(0);
  expect(stdout).toContain("1 migration applied again");
  expect(await database.query("SELECT count(*)::integer AS rows FROM three")).toEqual([{ rows: 0 }]);
});

describe("stamp", () => {
  test("head records every migration as applied, and runs none", async () => {
    expect((await run("stamp", "head")).code).toBe(0);

    expect(await tables()).toEqual([]);
    expect((await run("up")).stdout).toContain("nothing pending; current: 20260101000003_three");
    const history = await runMigrator(["history", "--json", "--database-url", database.url]);
    expect(jsonLines(history.stdout)[0]?.runs).toMatchObject([
      { action: "stamp", outcome: "recorded", name: "20260101000001_one" },
      { action: "stamp", outcome: "recorded", name: "20260101000002_two" },
      { action: "stamp", outcome: "recorded", name: "20260101000003_three" },
    ]);
  });

  test("a name forgets what lies behind it, and base forgets everything", async () => {
    await run("up");

    await run("stamp", "20260101000001", "--yes");
    expect((await run("current")).stdout).toBe("20260101000001_one (behind)\n");
    await run("stamp", "base", "--yes");
    expect((await run("current")).stdout).toBe("no migration is applied\n");
    expect(await tables()).toEqual(["one", "three", "two"]);
  });

  test("forgets no row unasked: where nobody can be asked, --yes must say it", async () => {
    await run("up");
    const before = await database.query("SELECT * FROM schemagate.migrations ORDER BY name");

    for (const target of ["20260101000001", "base"]) {
      expect(await run("stamp", target)).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/20260101000003_three +forget it\n[\s\S]*Say --yes[\s\S]*\[not-agreed, exit 2\]/),
      });
    }
    expect(await database.query("SELECT * FROM schemagate.migrations ORDER BY name")).toEqual(before);
  });

  test("asks nothing where it only records", async () => {
    await run("up", "--steps", "1");

    expect(await run("stamp", "head")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("2 rows of the ledger changed"),
    });
    expect(await run("stamp", "head")).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing to change") });
  });

  test("asks before it forgets a migration that is partial or that this source does not hold", async () => {
    const stops = { "20260101000004_stops.sql": "-- migrate:up transaction:false\nCREATE TABLE s ();\nSELECT 1/0;\n" };
    await runIn(writeMigrations({ ...files, ...stops }), "up");

    expect(await run("stamp", "head")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/1 row of the ledger would change \(head\):\n {2}20260101000004_stops +forget it/),
    });
    expect((await run("stamp", "head", "--yes")).code).toBe(0);
  });

  test("--purge replaces whatever the ledger held", async () => {
    await runIn(writeMigrations({ "20250101000000_other.sql": table("other") }), "up");

    expect((await run("stamp", "head", "--purge")).code).toBe(0);
    expect(await run("up")).toMatchObject({ code: 0, stderr: "" });
  });

  test("fails when the name is unknown, and suggests one", async () => {
    expect(await run("stamp", "20260101000002_tow")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("20260101000002_two"),
    });
  });
});

describe("repair", () => {
  test("shows what it would change and changes nothing without a terminal or --yes", async () => {
    await run("up");
    const edited = writeMigrations({ ...files, "20260101000002_two.sql": `${table("two")}-- a comment\n` });

    const result = await runIn(edited, "repair");

    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining("[not-agreed, exit 2]") });
    expect(result.stderr).toMatch(
      /20260101000002_two\s+accept the edited file \(sha256 \w{12}… becomes sha256 \w{12}…\)/,
    );
    expect((await runIn(edited, "up")).code).toBe(4);
  });

  test("--yes accepts an edit, forgets a missing migration, and says so in the log of runs", async () => {
    await run("up");
    const changed = writeMigrations({
      "20260101000001_one.sql": `${table("one")}-- a comment\n`,
      "20260101000003_three.sql": table("three"),
    });

    expect((await runIn(changed, "repair", "--yes")).stdout).toContain("2 rows of the ledger changed; nothing was run");

    expect(await runIn(changed, "up")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("nothing pending"),
      stderr: "",
    });
    expect((await runIn(changed, "history", "--verbose")).stdout).toContain("20260101000002_two  forgotten");
  });

  test("clears a partial migration, which then runs from its beginning", async () => {
    const steps = "-- migrate:up transaction:false\nCREATE TABLE IF NOT EXISTS a (id integer);\nSELECT 1/0;\n";
    const broken = writeMigrations({ "20260101000001_a.sql": steps });
    expect((await runIn(broken, "up")).code).toBe(8);
    const mended = writeMigrations({
      "20260101000001_a.sql": "-- migrate:up\nCREATE TABLE IF NOT EXISTS a (id integer);\n",
    });
    expect((await runIn(mended, "up")).code).toBe(4);

    expect((await runIn(mended, "repair", "--yes")).code).toBe(0);
    expect((await runIn(mended, "up")).code).toBe(0);
  });

  test("has nothing to do when ledger and source agree", async () => {
    await run("up");

    expect(await run("repair")).toMatchObject({ code: 0, stdout: "nothing to change: the ledger says that already\n" });
  });
});

test("a role that may not make the ledger is told so, and how to get the privilege", async () => {
  const role = `${database.name}_reader`;
  await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'reader'`);
  const url = new URL(database.url);
  url.username = role;
  url.password = "reader";

  const stamped = await runMigrator(["stamp", "head", "--no-json", "--dir", dir, "--database-url", url.href]);

  expect(stamped).toMatchObject({
    code: 6,
    stderr: expect.stringMatching(/the server refused: permission denied.*\n.*SQLSTATE 42501\n.*`bootstrap` grants/),
  });
  await database.query(`DROP ROLE ${role}`);
});

test("history shows a range", async () => {
  await run("up");

  const { stdout } = await run("history", "20260101000002..20260101000002");

  expect(stdout.trim().split("\n")).toHaveLength(1);
  expect(stdout).toContain("20260101000002_two");
});
