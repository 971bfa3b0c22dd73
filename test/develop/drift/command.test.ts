import { drift } from "../../../migrator/cli/commands/drift";
import { Output } from "../../../migrator/cli/output";
import { migrate } from "../../../migrator/index";
import { createTestDatabase, type TestDatabase, withClient } from "../../support/database";
import { writeMigrations } from "../../support/migrator";

let target: TestDatabase;

const dir = writeMigrations({ "1_a.sql": "-- migrate:up\nCREATE TABLE a (id integer);\n" });

beforeEach(async () => {
  target = await createTestDatabase();
  await withClient(target.url, (client) => migrate(client, { source: dir }));
});

afterEach(() => target.drop());

async function run(json: boolean, given: object = {}) {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const output = new Output({ out: print, err: print }, json, false);
  const context = { env: {}, output, report: output.event, signal: new AbortController().signal, args: [] };
  const code = await drift.run({ dir, databaseUrl: target.url, ...given }, context);
  if (!json) {
    expect(lines.shift()).toContain(`database "${target.name}" at `);
  }
  return { code, printed: lines.join("\n") };
}

test("no drift is told in one line, and the exit code is 0", async () => {
  expect(await run(false)).toEqual({
    code: 0,
    printed: "no change by hand, compared with 1 applied migration",
  });
});

test("drift is told from the reader's view, and the exit code is 3", async () => {
  await target.query("CREATE SCHEMA other");
  await target.query("ALTER TABLE a ADD COLUMN b text");
  await target.query("CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'");

  expect(await run(false, { ignoreSchema: ["other", "cron"] })).toEqual({
    code: 3,
    printed:
      "changed by hand: column public.a.b: only in the database\n" +
      "changed by hand: function public.f(): only in the database\n" +
      "2 changes by hand, compared with 1 applied migration",
  });
});

test("JSON holds the same", async () => {
  await target.query("ALTER TABLE a ALTER COLUMN id SET DEFAULT 7");
  const { code, printed } = await run(true);

  expect(code).toBe(3);
  expect(JSON.parse(printed)).toMatchObject({
    event: "drift",
    drifted: true,
    migrations: 1,
    differences: [{ kind: "default", identity: "public.a.id", change: "unexpected" }],
  });
});
