import { queryAt, serverUrl, useTestDatabase } from "../../support/database";
import {
  behindTarget,
  jsonLines,
  runMigrator,
  startMigrator,
  waitUntil,
  writeMigrations,
} from "../../support/migrator";
import { hasReaper, waitForNone } from "../support/scratch";

const target = useTestDatabase();

const good = "-- migrate:up\nCREATE TABLE a (id integer);\n-- migrate:down\nDROP TABLE a;\n";
const bad =
  "-- migrate:up\nALTER TABLE a ADD COLUMN b text, ADD COLUMN c text;\n-- migrate:down\nALTER TABLE a DROP COLUMN b;\n";
const oneWay = "-- migrate:up\nCREATE TABLE d ();\n";

const verify = (dir: string, ...more: string[]) =>
  behindTarget(runMigrator(["verify", "--dir", dir, "--database-url", target.url, ...more]));

test("a good set is told in one line for each migration, and the exit code is 0", async () => {
  const dir = writeMigrations({ "1_a.sql": good, "2_d.sql": oneWay });

  expect(await verify(dir, "--no-json")).toEqual({
    code: 0,
    stdout:
      "✔ 1_a\n○ 2_d  has no down: applied only\n" +
      "1 migration verified, 1 without a down applied only, together: down to 2_d and up again\n",
    stderr: "",
  });
});

test("a bad one is told with what differs, and the exit code is 3", async () => {
  const dir = writeMigrations({ "1_a.sql": good, "2_b.sql": bad });
  const { code, stdout } = await verify(dir, "--no-json");

  expect(code).toBe(3);
  expect(stdout).toBe(
    "✔ 1_a\n" +
      "✖ 2_b\n" +
      "  its down does not restore what was there before its up [down-differs]\n" +
      "    column public.a.c: only in the database after its down\n" +
      "  its up fails after its down [up-again-failed]\n" +
      '    on a scratch database, migration 2_b failed and was rolled back: column "c" of relation "a" already exists\n' +
      `    at ${dir}/2_b.sql:2:1\n` +
      "    2 | ALTER TABLE a ADD COLUMN b text, ADD COLUMN c text;\n" +
      "        ^\n" +
      "1 migration verified, 1 failed, together: down to 2_b and up again\n",
  );
});

test("JSON lines hold the same", async () => {
  const rows = writeMigrations({ "rows.sql": "-- after: 1_a\nINSERT INTO a VALUES (1);\n" });
  const dir = writeMigrations({ "1_a.sql": good, "2_b.sql": bad });
  const { code, stdout } = await verify(dir, "--json", "--from", "2", "--with-data", `${rows}/rows.sql`);

  expect(code).toBe(3);
  const beside = expect.objectContaining({ database: target.name, scratch: true });
  expect(jsonLines(stdout)).toEqual([
    {
      event: "verified",
      name: "2_b",
      result: "failed",
      findings: [
        expect.objectContaining({
          code: "down-differs",
          differences: [expect.objectContaining({ kind: "column", identity: "public.a.c", change: "unexpected" })],
        }),
        expect.objectContaining({ code: "up-again-failed" }),
      ],
      target: beside,
    },
    { event: "verify", ok: false, migrations: 1, revertedTo: "2_b", findings: [], target: beside },
  ]);
});

test("fails with exit code 6, file and caret when a migration cannot be applied", async () => {
  const { code, stderr } = await verify(
    writeMigrations({ "1_a.sql": "-- migrate:up\nCREATE TABLE a (b nonsense);\n" }),
    "--no-json",
  );

  expect(code).toBe(6);
  expect(stderr).toContain("error: on a scratch database, migration 1_a failed and was rolled back");
  expect(stderr).toContain("1_a.sql:2:19");
  expect(stderr).toContain("the target was not touched");
});

test("fails with exit code 4 when a migration would change the server of the target", async () => {
  const dir = writeMigrations({ "1_a.sql": "-- migrate:up\nCREATE ROLE nobody_makes_this;\n" });
  const { code, stderr } = await verify(dir, "--no-json");

  expect(code).toBe(4);
  expect(stderr).toContain("[cluster-wide, exit 4]");
  expect(await queryAt(serverUrl(), "SELECT FROM pg_roles WHERE rolname = 'nobody_makes_this'")).toEqual([]);
});

test.each(["SIGINT", "SIGKILL"] as const)("%s leaves no database and no process behind", async (signal) => {
  const dir = writeMigrations({ "1_a.sql": "-- migrate:up\nSELECT pg_sleep(600);\n" });
  const { child, ended } = startMigrator(["verify", "--json", "--dir", dir, "--database-url", target.url]);
  const isAsleep = async () =>
    (
      await queryAt(
        serverUrl(),
        "SELECT FROM pg_stat_activity WHERE query ~ '^SELECT pg_sleep[(]600' AND datname ~ '^schemagate_scratch_verify'",
      )
    ).length > 0;
  await waitUntil(isAsleep, "the migration's start");
  expect(hasReaper(child.pid)).toBe(true);
  child.kill(signal);

  expect((await ended).code).toBe(signal === "SIGINT" ? 130 : null);
  if (signal === "SIGINT") {
    await waitForNone("verify");
  }
  await waitForNone("verify");
  await waitUntil(async () => !hasReaper(child.pid), "the reaper's end");
});

test("without a database an embedded one is used, roles and all, again and again", async () => {
  const dir = writeMigrations({
    "1_a.sql": "-- migrate:up\nCREATE ROLE r;\nCREATE TABLE a ();\n-- migrate:down\nDROP TABLE a;\nDROP ROLE r;\n",
    "2_b.sql": "-- migrate:up\nCREATE TABLE b ();\n-- migrate:down\nSELECT 1;\n",
  });
  const dataDir = writeMigrations({});

  const run = () => runMigrator(["verify", "--no-json", "--dir", dir, "--data-dir", dataDir]);

  const first = await run();
  expect(first).toMatchObject({ code: 3, stderr: "" });
  expect(first.stdout).toContain("✔ 1_a\n✖ 2_b\n");
  expect(await run()).toEqual(first);
});
