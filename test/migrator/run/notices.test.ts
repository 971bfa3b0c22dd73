import { useTestDatabase } from "../../support/database";
import { jsonLines, runMigrator, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

const up = (files: Readonly<Record<string, string>>, form = "--no-json") =>
  runMigrator(["up", form, "--dir", writeMigrations(files), "--database-url", database.url]);

const raise = (level: string, text: string, using = "") => `DO $$ BEGIN RAISE ${level} '%', ${text} ${using}; END $$;`;

const noticesOf = ({ stdout, stderr }: { stdout: string; stderr: string }) =>
  jsonLines(stdout + stderr).filter(({ event }) => event === "notice");

test("a warning goes to standard error, a notice to standard output, each with its migration", async () => {
  const files = {
    "1_a.sql": `-- migrate:up\n${raise("WARNING", "'three rows have no owner'", "USING DETAIL = 'ids 4, 5, 6', HINT = 'Look.'")}\n`,
    "2_b.sql": `-- migrate:up\n${raise("NOTICE", "'halfway'")}\n${raise("INFO", "'there'")}\nDROP TABLE IF EXISTS gone;\n`,
  };

  const { code, stdout, stderr } = await up(files);

  expect(code).toBe(0);
  expect(stderr).toBe("  1_a: WARNING: three rows have no owner\n    detail: ids 4, 5, 6\n    server's hint: Look.\n");
  expect(stdout).toContain(
    '  2_b: NOTICE: halfway\n  2_b: INFO: there\n  2_b: NOTICE: table "gone" does not exist, skipping\n✔ 2_b',
  );
});

test("in JSON each is an event, with the level of a warning or not", async () => {
  const files = {
    "1_a.sql": `-- migrate:up\n${raise("WARNING", "'look'", "USING HINT = 'Look.'")}\n${raise("NOTICE", "'halfway'")}\n`,
  };

  expect(noticesOf(await up(files, "--json"))).toEqual([
    {
      time: expect.any(String),
      level: "info",
      event: "notice",
      migration: "1_a",
      severity: "NOTICE",
      sqlState: "00000",
      message: "halfway",
    },
    {
      ...{ time: expect.any(String), level: "warn", event: "notice", migration: "1_a", severity: "WARNING" },
      ...{ sqlState: "01000", message: "look", hint: "Look." },
    },
  ]);
});

test("also of code, of statements without a transaction, of batches, and of what is checked at the end", async () => {
  const query = (text: string) => `await client.query(\`${raise("NOTICE", `'${text}'`)}\`)`;
  const files = {
    "1_a.ts": `export async function up({ client }) { ${query("code")}; }\n`,
    "2_b.sql": `-- migrate:up transaction:false\n${raise("NOTICE", "'free'")}\nVACUUM;\n`,
    "3_c.ts": `
      export const batches = {
        next: async (_, last) => (last === undefined ? [1] : []),
        apply: async (client) => { ${query("batch")}; },
      };
    `,
    "4_d.sql": [
      "-- migrate:up",
      "CREATE TABLE d (id integer);",
      `CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'at the end'; RETURN NULL; END $$;`,
      "CREATE CONSTRAINT TRIGGER tell AFTER INSERT ON d DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tell();",
      "INSERT INTO d VALUES (1);\n",
    ].join("\n"),
  };

  const run = await up(files, "--json");

  expect(run.code).toBe(0);
  expect(noticesOf(run).map(({ migration, message }) => `${migration}: ${message}`)).toEqual([
    "1_a: code",
    "2_b: free",
    "3_c: batch",
    "4_d: at the end",
  ]);
});

test("what the server says of a failed migration is told before it", async () => {
  const { code, stdout } = await up({ "1_a.sql": `-- migrate:up\n${raise("NOTICE", "'row 7'")}\nSELECT 1/0;\n` });

  expect(code).toBe(6);
  expect(stdout).toMatch(/^database .*\n {2}1_a: NOTICE: row 7\n$/);
});

test("statements of ours say nothing", async () => {
  await up({ "1_a.sql": "-- migrate:up\nSELECT 1;\n" });
  await database.query("DROP TABLE schemagate.runs");

  const run = await up({ "1_a.sql": "-- migrate:up\nSELECT 1;\n", "2_b.sql": "-- migrate:up\nSELECT 1;\n" }, "--json");

  expect(run.code).toBe(0);
  expect(noticesOf(run)).toEqual([]);
});

test("of many only the first are told, and how many there are more; warnings are not lost among notices", async () => {
  const many = (level: string) => `DO $$ BEGIN FOR i IN 1..500 LOOP RAISE ${level} 'number %', i; END LOOP; END $$;`;
  const run = await up({ "1_a.sql": `-- migrate:up\n${many("NOTICE")}\n${many("WARNING")}\n` }, "--json");

  expect(noticesOf(run)).toHaveLength(40);
  expect(jsonLines(run.stderr).at(-1)).toMatchObject({
    event: "warning",
    code: "more-notices",
    message: "1_a: the server said 960 more notices and warnings, which are not shown",
  });
});

test("a long one is cut, and no password in one is shown", async () => {
  const run = await up({
    "1_a.sql": `-- migrate:up\n${raise("NOTICE", "repeat('x', 3000000)")}\n${raise("NOTICE", "'at postgres://app:secret@db/d'")}\n`,
  });

  expect(run.code).toBe(0);
  expect(run.stdout).toMatch(/NOTICE: x+ … \([\d,]+ characters left out\) … x+\n/);
  expect(run.stdout.length).toBeLessThan(5_000);
  expect(run.stdout).toContain("postgres://app:***@db/d");
});
