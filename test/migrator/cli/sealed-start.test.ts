import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { useTestDatabase } from "../../support/database";
import {
  behindTarget,
  type Ended,
  jsonLines,
  makeDirectory,
  runBin,
  runMigrator,
  writeMigrations,
} from "../../support/migrator";
import { startProxy } from "../../support/proxy";

const database = useTestDatabase();

const table = (name: string) =>
  `-- migrate:up\nCREATE TABLE ${name} (id integer);\n-- migrate:down\nDROP TABLE ${name};\n`;
const files = {
  "20260101000001_one.sql": table("one"),
  "20260101000002_two.sql": table("two"),
  "repeatable/orders_view.sql": "CREATE OR REPLACE VIEW orders_view AS SELECT 1 AS one;",
};

async function seal(set: Readonly<Record<string, string>> = files): Promise<string> {
  const out = join(makeDirectory(), "sealed");
  expect(await runMigrator(["seal", "--dir", writeMigrations(set), "--out", out])).toMatchObject({ code: 0 });
  return out;
}

/** A start as an init container makes it: no arguments but the command, and settings in the environment. */
const start = (dir: string, env: NodeJS.ProcessEnv = {}, run = runMigrator): Promise<Ended> =>
  run(["up"], { DATABASE_URL: database.url, SCHEMAGATE_DIR: dir, ...env });

/** The same, as a process of its own. */
const startProcess = (dir: string, env?: NodeJS.ProcessEnv) => start(dir, env, runBin);

const doneLine = ({ stdout }: Ended) => jsonLines(stdout).at(-1);
const ran = (ended: Ended) => doneLine(ended)?.migrations;

/** A sealed set whose contents are gone: only a start that needs nothing but the summary can go on with it. */
function withoutContents(dir: string): string {
  rmSync(join(dir, "sealed.json"));
  return dir;
}

describe("a start with nothing pending", () => {
  it("reads the summary alone, and says what a comparison of the whole set would say", async () => {
    const dir = await seal();
    await start(dir);

    const ended = await startProcess(withoutContents(dir));

    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(doneLine(ended)).toMatchObject({ event: "done", migrations: [], current: "20260101000002_two" });
  });

  it("INV-8: makes one connection, asks one thing on it, writes nothing and takes no lock", async () => {
    const dir = await seal();
    await start(dir);
    await database.query(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);
    const asked: string[] = [];
    const proxy = await startProxy(database.url, {
      decide: (message) => {
        asked.push(message);
        return "pass";
      },
    });

    const ended = await startProcess(dir, { DATABASE_URL: proxy.through(database.url) });

    await proxy.close();
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(proxy.connections()).toBe(1);
    const queries = asked.filter((message) => /^[QPBE]/.test(message));
    expect(queries).toEqual([expect.stringMatching(/^Q.+FROM "schemagate"\.migrations\0$/s)]);
    expect(queries[0]).not.toMatch(/lock/i);
  });

  it("is told so in words, too", async () => {
    const dir = await seal();
    await start(dir);

    expect(await behindTarget(start(dir, { SCHEMAGATE_JSON: "false" }))).toMatchObject({
      code: 0,
      stdout: "nothing pending; current: 20260101000002_two\n",
    });
  });

  it("takes a repeatable object that was deleted for no reason to look closer", async () => {
    const dir = await seal();
    await start(dir);
    const { "repeatable/orders_view.sql": _gone, ...fewer } = files;

    expect(await start(withoutContents(await seal(fewer)))).toMatchObject({ code: 0 });
    expect(await start(dir)).toMatchObject({ code: 0 });
  });
});

describe("of a sealed set that is applied", () => {
  const json = async (command: string, dir: string) => {
    const { code, stdout } = await runMigrator([command], { DATABASE_URL: database.url, SCHEMAGATE_DIR: dir });
    expect(code).toBe(0);
    return jsonLines(stdout);
  };

  it("status says what it says of the directory, without reading the set", async () => {
    const dir = await seal({ ...files, "9_early.sql": table("early"), "repeatable/a_view.sql": "SELECT 1;" });
    await start(dir);
    const { "repeatable/orders_view.sql": _gone, ...fewer } = files;
    const kept = { ...fewer, "9_early.sql": table("early"), "repeatable/a_view.sql": "SELECT 1;" };

    const sealed = await json("status", withoutContents(await seal(kept)));

    expect(sealed).toEqual(await json("status", writeMigrations(kept)));
    expect(sealed).toMatchObject([{ open: true, pending: 0, migrations: Array(4).fill({ state: "applied" }) }]);
  });

  it("history, without an argument, tells all that ran", async () => {
    const dir = await seal();
    await start(dir);

    expect(await json("history", dir)).toMatchObject([
      { runs: [{ name: "20260101000001_one" }, { name: "20260101000002_two" }, { name: "repeatable/orders_view" }] },
    ]);
  });
});

describe("a start looks closer, and does what it does with a directory of migrations, when", () => {
  it("there is no ledger", async () => {
    expect(ran(await start(await seal()))).toEqual([
      "20260101000001_one",
      "20260101000002_two",
      "repeatable/orders_view",
    ]);
  });

  it("a migration is pending", async () => {
    await start(await seal());

    const ended = await start(await seal({ ...files, "20260101000003_three.sql": table("three") }));

    expect(ran(ended)).toEqual(["20260101000003_three"]);
  });

  it("a repeatable object has changed", async () => {
    await start(await seal());
    const changed = { "repeatable/orders_view.sql": "CREATE OR REPLACE VIEW orders_view AS SELECT 2 AS one;" };

    expect(ran(await start(await seal({ ...files, ...changed })))).toEqual(["repeatable/orders_view"]);
  });

  it("the database is ahead", async () => {
    await start(await seal({ ...files, "20260101000003_three.sql": table("three") }));

    const ended = await start(await seal());

    expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('"code":"ahead"') });
  });

  it("a migration was edited", async () => {
    await start(await seal());

    const ended = await start(await seal({ ...files, "20260101000001_one.sql": `${table("one")}-- edited\n` }));

    expect(ended).toMatchObject({ code: 4, stderr: expect.stringContaining("checksum-mismatch") });
  });

  it.each([
    ["lost a row", "DELETE FROM schemagate.migrations WHERE name LIKE '%two'", 6],
    ["has two names exchanged", exchangeNames(), 4],
    ["has a row that was begun and not finished", setProgress(), 4],
    ["has lost its format", "DELETE FROM schemagate.format", 4],
    ["has another format", "UPDATE schemagate.format SET format = 99", 4],
  ])("the ledger %s", async (_what, sql, code) => {
    const dir = await seal();
    await start(dir);
    await database.query(sql);

    const [sealed, directory] = [await start(dir), await start(writeMigrations(files))];

    expect(sealed.code).toBe(code);
    expect(directory.code).toBe(code);
  });

  it("the environment says how far to go", async () => {
    const ended = await start(await seal(), { SCHEMAGATE_STEPS: "1" });

    expect(ran(ended)).toEqual(["20260101000001_one"]);
  });
});

/** A rename that leaves every name and every checksum in the ledger. */
function exchangeNames(): string {
  return `UPDATE schemagate.migrations m SET checksum = o.checksum FROM schemagate.migrations o
    WHERE strpos(m.name, '/') = 0 AND strpos(o.name, '/') = 0 AND o.name <> m.name`;
}

function setProgress(): string {
  return `UPDATE schemagate.migrations SET progress = '{"direction": "up", "done": 0}' WHERE name LIKE 'repeatable/%'`;
}

describe("a sealed set is refused when its summary", () => {
  const summaryOf = (dir: string) => join(dir, "seal.json");

  it("cannot be read", async () => {
    const dir = await seal();
    writeFileSync(summaryOf(dir), "{");

    expect(await start(dir)).toMatchObject({ code: 2, stderr: expect.stringMatching(/seal\.json cannot be used/) });
  });

  it("is of another version", async () => {
    const dir = await seal();
    writeFileSync(summaryOf(dir), '{"format":99}');

    expect(await start(dir)).toMatchObject({ code: 2, stderr: expect.stringMatching(/its format is 99/) });
  });

  it("is missing", async () => {
    const dir = await seal();
    rmSync(summaryOf(dir));

    expect(await start(dir)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/there is no seal\.json beside it/),
    });
  });

  it("is of another set, as soon as that is read", async () => {
    const dir = await seal();
    const other = await seal({ ...files, "20260101000003_three.sql": table("three") });
    writeFileSync(summaryOf(dir), readFileSync(summaryOf(other)));

    expect(await start(dir)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/do not match its digest/),
    });
  });
});

describe("a start that begins to connect before all of it is loaded tells", () => {
  it("that nobody listens", async () => {
    const ended = await startProcess(await seal(), {
      DATABASE_URL: "postgres://api@127.0.0.1:1/orders",
      SCHEMAGATE_CONNECT_TIMEOUT: "0",
    });

    expect(ended).toMatchObject({ code: 7, stderr: expect.stringMatching(/127\.0\.0\.1:1 as .*ECONNREFUSED/) });
  });

  it("what is wrong with the URL, once", async () => {
    const { code, stderr } = await startProcess(await seal(), { DATABASE_URL: "mysql://api@127.0.0.1/orders" });

    expect(code).toBe(2);
    expect(jsonLines(stderr)).toEqual([expect.objectContaining({ code: "bad-url" })]);
  });

  it("what the server says", async () => {
    const ended = await startProcess(await seal(), { DATABASE_URL: database.url.replace(database.name, "nowhere") });

    expect(ended).toMatchObject({ code: 7, stderr: expect.stringContaining('database \\"nowhere\\" does not exist') });
  });
});

test("what PGOPTIONS says reaches the server", async () => {
  const ended = await startProcess(await seal(), { PGOPTIONS: "-c search_path=elsewhere" });

  expect(ended.stderr).toContain("no schema has been selected to create in");
});
