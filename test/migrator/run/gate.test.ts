import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { useTestDatabase } from "../../support/database";
import { behindTarget, jsonLines, runMigrator, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

const table = (name: string) =>
  `-- migrate:up\nCREATE TABLE ${name} (id integer);\n-- migrate:down\nDROP TABLE ${name};\n`;
const one = { "20260101000001_one.sql": table("one") };
const two = { ...one, "20260101000002_two.sql": table("two") };
const three = { ...two, "20260101000003_three.sql": table("three") };

function run(command: string, dir: string, ...more: string[]) {
  return behindTarget(runMigrator([command, "--no-json", "--dir", dir, "--database-url", database.url, ...more]));
}

async function tables(): Promise<unknown[]> {
  const rows = await database.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");
  return rows.map(({ tablename }) => tablename);
}

test("INV-3: up applies all pending migrations in order, and a second up does nothing", async () => {
  const dir = writeMigrations(three);

  expect(await run("up", dir)).toMatchObject({ code: 0, stdout: expect.stringContaining("3 migrations applied") });
  expect(await tables()).toEqual(["one", "three", "two"]);
  expect(await run("up", dir)).toMatchObject({
    code: 0,
    stdout: "nothing pending; current: 20260101000003_three\n",
    stderr: "",
  });
});

test("up is the default command", async () => {
  const dir = writeMigrations(one);

  const result = await behindTarget(runMigrator(["--no-json", "--dir", dir, "--database-url", database.url]));

  expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining("1 migration applied") });
});

test("a run with nothing pending writes nothing and takes no lock", async () => {
  const dir = writeMigrations(one);
  await run("up", dir);
  await database.query(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);

  expect(await run("up", dir)).toMatchObject({ code: 0, stderr: "" });
});

test("status before the first up shows everything pending and leaves the database without a ledger", async () => {
  const dir = writeMigrations(two);

  const result = await run("status", dir);

  expect(result.code).toBe(0);
  expect(result.stdout).toMatch(/20260101000001_one\s+pending\n20260101000002_two\s+pending\n2 migrations pending/);
  expect(await database.query("SELECT to_regnamespace('schemagate') AS found")).toEqual([{ found: null }]);
});

test("status --check exits 3 while something is pending, and 0 when current", async () => {
  const dir = writeMigrations(one);

  expect((await run("status", dir, "--check")).code).toBe(3);
  await run("up", dir);
  expect((await run("status", dir, "--check")).code).toBe(0);
});

test("an image that knows fewer migrations than the ledger passes with a warning", async () => {
  await run("up", writeMigrations(three));

  const result = await run("up", writeMigrations(one));

  expect(result).toMatchObject({ code: 0, stdout: "nothing pending; current: 20260101000003_three\n" });
  expect(result.stderr).toContain(
    "warning: the database is ahead of this source by 2: 20260101000002_two, 20260101000003_three",
  );
  expect((await run("status", writeMigrations(one), "--check")).code).toBe(0);
});

test("a database that is ahead is refused when the policy says so", async () => {
  await run("up", writeMigrations(two));

  expect(await run("up", writeMigrations(one), "--ahead", "refuse")).toMatchObject({
    code: 4,
    stderr: expect.stringContaining("[ahead, exit 4]"),
  });
});

test("down of an older image never reverts the wrong migration", async () => {
  await run("up", writeMigrations(three));

  const result = await run("down", writeMigrations(two));

  expect(result).toMatchObject({
    code: 4,
    stderr: expect.stringContaining("20260101000003_three was applied last, and this source does not hold it"),
  });
  expect(await tables()).toEqual(["one", "three", "two"]);
});

test("down reverts the migration applied last, whatever the order of the files", async () => {
  await run("up", writeMigrations({ "20260101000003_three.sql": table("three") }));
  await run("up", writeMigrations(three), "--out-of-order", "allow");

  expect((await run("down", writeMigrations(three))).stdout).toContain("reverted 20260101000002_two");
  expect(await tables()).toEqual(["one", "three"]);
});

test("down reverts one migration at a time until nothing is left", async () => {
  const dir = writeMigrations(two);
  await run("up", dir);

  expect((await run("down", dir)).stdout).toContain("current: 20260101000001_one");
  expect((await run("down", dir)).stdout).toContain("no migration is applied");
  expect(await run("down", dir)).toMatchObject({ code: 0, stdout: "nothing to revert; no migration is applied\n" });
  expect(await tables()).toEqual([]);
});

test("down is refused when the migration has none", async () => {
  const dir = writeMigrations({ "20260101000001_one.sql": "-- migrate:up\nCREATE TABLE one (id integer);\n" });
  await run("up", dir);

  expect(await run("down", dir)).toMatchObject({ code: 4, stderr: expect.stringContaining("has no down") });
  expect(await tables()).toEqual(["one"]);
});

test("an edited applied file is refused with its name and both checksums, and the database stays untouched", async () => {
  await run("up", writeMigrations(one));
  const edited = writeMigrations({ ...two, "20260101000001_one.sql": table("uno") });

  const result = await run("up", edited);

  expect(result.code).toBe(4);
  expect(result.stderr).toMatch(
    /migration 20260101000001_one was edited after it was applied \(ledger sha256 [0-9a-f]{12}…, file sha256 [0-9a-f]{12}…: .*20260101000001_one\.sql\)/,
  );
  expect(result.stderr).toContain("[checksum-mismatch, exit 4]");
  expect(await tables()).toEqual(["one"]);
});

test("a byte order mark and CRLF line ends are no edit", async () => {
  await run("up", writeMigrations(one));
  const crlf = `\uFEFF${table("one").replaceAll("\n", "\r\n")}`;

  expect(await run("up", writeMigrations({ "20260101000001_one.sql": crlf }))).toMatchObject({ code: 0, stderr: "" });
});

test("missing, edited and out-of-order migrations are all reported at once", async () => {
  await run("up", writeMigrations(two));
  const dir = writeMigrations({
    "20260101000000_zero.sql": table("zero"),
    "20260101000002_two.sql": table("edited"),
  });

  const result = await run("up", dir);

  expect(result.code).toBe(4);
  expect(result.stderr).toContain("3 problems, nothing was changed");
  expect(result.stderr).toContain("[out-of-order]");
  expect(result.stderr).toContain("[missing]");
  expect(result.stderr).toContain("[checksum-mismatch]");
  expect(await tables()).toEqual(["one", "two"]);
});

test("a failing migration is rolled back whole and shown with file, line, column and caret", async () => {
  const dir = writeMigrations({
    ...one,
    "20260101000002_bad.sql": "-- migrate:up\nCREATE TABLE good (id integer);\n\tSELECT nonsense FROM good;\n",
    "20260101000003_three.sql": table("three"),
  });

  const result = await run("up", dir);

  expect(result.code).toBe(6);
  expect(result.stderr).toContain(`at ${join(dir, "20260101000002_bad.sql")}:3:9  SQLSTATE 42703`);
  expect(result.stderr).toContain("3 | \tSELECT nonsense FROM good;\n      \t       ^");
  expect(result.stderr).toContain("done before it: 20260101000001_one");
  expect(result.stderr).toContain("not run: 20260101000003_three");
  expect(await tables()).toEqual(["one"]);
  expect((await run("history", dir, "--verbose")).stdout).toContain("20260101000002_bad  failed");
});

test("a failing statement that the server gives no position for is found by counting", async () => {
  const dir = writeMigrations({
    "20260101000001_bad.sql":
      "-- migrate:up\nCREATE TABLE good (id integer);\n\n-- a comment\nALTER TABLE absent ADD COLUMN x integer;\n",
  });

  expect((await run("up", dir)).stderr).toContain(":5:1  SQLSTATE 42P01");
});

test("COMMIT inside a transactional migration is refused before anything runs", async () => {
  const dir = writeMigrations({
    ...one,
    "20260101000002_commit.sql": "-- migrate:up\nCREATE TABLE half (id integer);\nCOMMIT;\nSELECT 1/0;\n",
  });

  const result = await run("up", dir);

  expect(result).toMatchObject({ code: 4, stderr: expect.stringContaining('20260101000002_commit.sql:3: "COMMIT"') });
  expect(await tables()).toEqual([]);
});

test("a migration's SET does not leak into the next one", async () => {
  const dir = writeMigrations({
    "20260101000001_leak.sql": "-- migrate:up\nSELECT set_config('search_path', '', false);\n",
    "20260101000002_two.sql": table("two"),
  });

  expect(await run("up", dir)).toMatchObject({ code: 0, stderr: "" });
  expect(await tables()).toEqual(["two"]);
});

test("a transaction:false migration that fails keeps what it did, and the next run goes on from there", async () => {
  const name = "20260101000001_steps.sql";
  const steps = "-- migrate:up transaction:false\nCREATE TABLE a (id integer);\nINSERT INTO a VALUES (1);\n";
  const dir = writeMigrations({ [name]: `${steps}SELECT 1/0;\nINSERT INTO a VALUES (2);\n` });

  const failed = await run("up", dir);
  expect(failed).toMatchObject({
    code: 8,
    stderr: expect.stringContaining("stopped at statement 3 of 4: division by zero"),
  });
  expect((await run("status", dir)).stdout).toContain("partial");

  writeFileSync(join(dir, name), `${steps}INSERT INTO a VALUES (2);\n`);
  expect(await run("up", dir)).toMatchObject({ code: 0, stdout: expect.stringContaining("goes on at statement 3") });
  expect(await database.query("SELECT id FROM a ORDER BY id")).toEqual([{ id: 1 }, { id: 2 }]);
});

test("a partial migration whose finished statements were changed is refused", async () => {
  const name = "20260101000001_steps.sql";
  const dir = writeMigrations({
    [name]: "-- migrate:up transaction:false\nCREATE TABLE a (id integer);\nSELECT 1/0;\n",
  });
  await run("up", dir);

  writeFileSync(join(dir, name), "-- migrate:up transaction:false\nCREATE TABLE b (id integer);\nSELECT 1;\n");

  expect(await run("up", dir)).toMatchObject({ code: 4, stderr: expect.stringContaining("[partial-edited, exit 4]") });
  expect(await tables()).toEqual(["a"]);
});

test("a TypeScript migration runs in its transaction, logs, and can be reverted", async () => {
  const dir = writeMigrations({
    "20260101000001_typed.ts": `
      type Row = { id: number };
      export async function up({ client, log }: { client: any; log: (message: string) => void }): Promise<void> {
        const rows: Row[] = [{ id: 1 }, { id: 2 }];
        await client.query("CREATE TABLE typed (id integer)");
        for (const { id } of rows) await client.query("INSERT INTO typed VALUES ($1)", [id]);
        log(\`inserted \${rows.length} rows\`);
      }
      export async function down({ client }: { client: any }): Promise<void> {
        await client.query("DROP TABLE typed");
      }`,
  });

  expect((await run("up", dir)).stdout).toContain("20260101000001_typed: inserted 2 rows");
  expect(await database.query("SELECT id FROM typed ORDER BY id")).toEqual([{ id: 1 }, { id: 2 }]);
  expect((await run("down", dir)).code).toBe(0);
  expect(await tables()).toEqual([]);
});

test("a TypeScript migration that swallows a database error is not recorded as applied", async () => {
  const dir = writeMigrations({
    "20260101000001_swallow.ts": `export async function up({ client }: any) {
      await client.query("CREATE TABLE lost (id integer)");
      await client.query("SELECT 1/0").catch(() => {});
    }`,
  });

  expect((await run("up", dir)).code).toBe(6);
  expect(await tables()).toEqual([]);
  expect(await database.query("SELECT name FROM schemagate.migrations")).toEqual([]);
});

test("the sealed set behaves like its sources: same names, same checksums, TypeScript compiled", async () => {
  const dir = writeMigrations({
    ...one,
    "20260101000002_typed.ts": `import { hostname } from "node:os";
      export const up = ({ client }: any) => client.query("CREATE TABLE typed AS SELECT $1::text AS host", [hostname()]);`,
  });
  const sealed = writeMigrations({});
  expect((await runMigrator(["seal", "--dir", dir, "--out", sealed])).code).toBe(0);

  expect(await run("up", sealed)).toMatchObject({ code: 0, stderr: "" });
  expect(await run("up", dir)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("nothing pending"),
    stderr: "",
  });
});

test("a sealed set that was altered is refused", async () => {
  const sealed = writeMigrations({});
  await runMigrator(["seal", "--dir", writeMigrations(one), "--out", sealed]);
  const file = join(sealed, "sealed.json");
  const { readFileSync } = await import("node:fs");
  writeFileSync(file, readFileSync(file, "utf8").replace("one (id integer)", "one (id bigint)"));

  expect(await run("up", sealed)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("altered after it was sealed"),
  });
});

test("current and history tell where the schema is and how it came there", async () => {
  const dir = writeMigrations(two);
  await run("up", dir);
  await run("down", dir);

  expect((await run("current", dir)).stdout).toBe("20260101000001_one (behind)\n");
  const history = await runMigrator(["history", "--json", "--database-url", database.url]);
  expect(jsonLines(history.stdout)[0]?.runs).toMatchObject([
    { action: "up", name: "20260101000001_one", outcome: "applied" },
    { action: "up", name: "20260101000002_two", outcome: "applied" },
    { action: "down", name: "20260101000002_two", outcome: "reverted" },
  ]);
});

test("the log of runs knows replica and image version", async () => {
  await runMigrator(["up", "--dir", writeMigrations(one), "--database-url", database.url], {
    CONTAINER_APP_REPLICA_NAME: "api--1-abc",
    SCHEMAGATE_IMAGE_VERSION: "1.2.3",
  });

  const history = await runMigrator(["history", "--verbose", "--no-json", "--database-url", database.url]);

  expect(history.stdout).toMatch(/who\s+postgres from api--1-abc\n\s+version\s+schemagate \S+, image 1\.2\.3/);
});

describe("a repeatable object that stopped midway", () => {
  const view = (...statements: string[]) => ({
    ...one,
    "repeatable/totals.sql": `-- migrate:up transaction:false\n${statements.join(";\n")};\n`,
  });
  const broken = view("CREATE OR REPLACE VIEW totals AS SELECT 1 AS total", "INSERT INTO log VALUES (1)");

  it("keeps the gate shut, and goes on where it stopped", async () => {
    const dir = writeMigrations(broken);
    expect((await run("up", dir)).code).toBe(8);

    expect((await run("up", dir)).code).toBe(8);
    expect((await run("status", dir, "--check")).code).toBe(3);
    await database.query("CREATE TABLE log (id integer)");
    expect(await run("up", dir)).toMatchObject({ code: 0, stdout: expect.stringContaining("goes on at statement 2") });
    expect((await run("status", dir, "--check")).code).toBe(0);
  });

  it("begins anew when it was edited", async () => {
    await run("up", writeMigrations(broken));

    const edited = view("CREATE OR REPLACE VIEW totals AS SELECT 2 AS total", "SELECT 1");
    expect((await run("up", writeMigrations(edited))).code).toBe(0);
    expect(await database.query("SELECT total FROM totals")).toEqual([{ total: 2 }]);
  });
});
