import { useTestDatabase } from "../../support/database";
import { jsonLines, makeDirectory, runBin, runMigrator, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

const table = (name: string) =>
  `-- migrate:up\nCREATE TABLE ${name} (id integer);\n-- migrate:down\nDROP TABLE ${name};\n`;
const dir = writeMigrations({ "1_one.sql": table("one"), "2_two.sql": table("two") });

const parts = () => {
  const { hostname, port, username } = new URL(database.url);
  return { host: hostname, port: Number(port), database: database.name, user: username };
};
const line = () => {
  const { host, port, database: name, user } = parts();
  return `database "${name}" at ${host}:${port} as "${user}"`;
};

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return runMigrator(args, { DATABASE_URL: database.url, SCHEMAGATE_DIR: dir, ...env });
}

/** Commands that act on a database, each with what lets it end well. */
const commands: readonly (readonly string[])[] = [
  ["up"],
  ["up", "--dry-run"],
  ["down"],
  ["redo"],
  ["status"],
  ["current"],
  ["history"],
  ["show", "1_one"],
  ["rebase"],
  ["stamp", "head"],
  ["repair"],
  ["doctor"],
  ["drift"],
  ["plan", "--format", "words"],
];

describe("a command names the database that it acts on", () => {
  beforeEach(() => run(["up"]));

  it.each(commands)("INV-21: in its first line: %s", async (...args) => {
    const { stdout } = await run([...args, "--no-json"]);

    expect(stdout.split("\n")[0]).toBe(line());
    expect(stdout.split("\n").filter((printed) => printed === line())).toHaveLength(1);
  });

  it.each(commands.filter(([name]) => name !== "plan"))(
    "in the first JSON line, and in the last: %s",
    async (...args) => {
      const { stdout } = await run([...args, "--json"]);

      expect(jsonLines(stdout)[0]).toMatchObject({ target: parts() });
      expect(jsonLines(stdout).at(-1)).toMatchObject({ target: parts() });
    },
  );
});

test("of a run the first line and the last have the field, and no line is there for it alone", async () => {
  const { stdout } = await run(["up", "--json"]);

  const lines = jsonLines(stdout);
  expect(lines.map(({ event, target }) => [event, target !== undefined])).toEqual([
    ["migrating", true],
    ["migrated", false],
    ["migrating", false],
    ["migrated", false],
    ["done", true],
  ]);
});

test("a start with nothing to do prints one line, and that names it", async () => {
  await run(["up"]);

  const { stdout, stderr } = await runBin(["up"], { DATABASE_URL: database.url, SCHEMAGATE_DIR: dir });

  expect(stderr).toBe("");
  expect(jsonLines(stdout)).toEqual([expect.objectContaining({ event: "done", target: parts() })]);
});

describe("what fails names it, too", () => {
  const nobody = { DATABASE_URL: "postgres://api@127.0.0.1:1/orders", SCHEMAGATE_CONNECT_TIMEOUT: "1" };
  const target = { host: "127.0.0.1", port: 1, database: "orders", user: "api" };

  it("when nobody answers", async () => {
    const { stderr } = await run(["up", "--json"], nobody);
    const words = await run(["up", "--no-json"], nobody);

    expect(jsonLines(stderr)[0]).toMatchObject({ event: "connect-retry", target });
    expect(jsonLines(stderr).at(-1)).toMatchObject({ event: "failed", code: "unreachable", target });
    expect(words.stdout).toBe('database "orders" at 127.0.0.1:1 as "api"\n');
  });

  it("when a migration fails", async () => {
    const bad = writeMigrations({ "1_bad.sql": "-- migrate:up\nSELECT 1/0;\n" });

    const { stderr } = await run(["up", "--json"], { SCHEMAGATE_DIR: bad });

    expect(jsonLines(stderr).at(-1)).toMatchObject({ event: "failed", exitCode: 6, target: parts() });
  });

  it("but not when nothing can be told: the URL is wrong", async () => {
    const { stdout, stderr } = await run(["up", "--json"], { DATABASE_URL: "postgres://db?x" });

    expect(stdout).toBe("");
    expect(jsonLines(stderr)).toEqual([expect.not.objectContaining({ target: expect.anything() })]);
  });
});

test("the embedded PostgreSQL is named by where its data is", async () => {
  const dataDir = makeDirectory();
  const env = { DATABASE_URL: "", SCHEMAGATE_DATA_DIR: dataDir };

  const { stdout } = await run(["current", "--no-json"], env);
  const json = await run(["current", "--json"], env);

  expect(stdout.split("\n")[0]).toBe(`embedded PostgreSQL in ${dataDir} (database "app")`);
  expect(jsonLines(json.stdout)).toMatchObject([{ target: { host: "127.0.0.1", database: "app", dataDir } }]);
});

describe("where scratch databases alone are used", () => {
  it("beside a database that was named, the server is", async () => {
    const { stdout } = await run(["verify", "--no-json"]);
    const json = await run(["verify", "--json"]);

    expect(stdout.split("\n")[0]).toBe(`scratch databases beside ${line()}`);
    expect(jsonLines(json.stdout).at(-1)).toMatchObject({ event: "verify", target: { ...parts(), scratch: true } });
  });

  it("on the embedded PostgreSQL, there is nothing to name", async () => {
    const { stdout } = await run(["verify", "--no-json"], { DATABASE_URL: "", SCHEMAGATE_DATA_DIR: makeDirectory() });

    expect(stdout).toMatch(/^✔ 1_one\n/);
  });
});

describe("beside a document for another program", () => {
  it("it is named on standard error", async () => {
    const words = await run(["plan", "--format", "markdown", "--no-json"]);
    const json = await run(["plan", "--format", "markdown", "--json"]);

    expect(words.stderr).toBe(`${line()}\n`);
    expect(words.stdout).not.toContain(line());
    expect(jsonLines(json.stderr)).toMatchObject([{ event: "target", level: "info", target: parts() }]);
    expect(json.stdout).toBe(words.stdout);
  });

  it("one of JSON has the field", async () => {
    const { stdout, stderr } = await run(["plan", "--json"]);

    expect(stderr).toBe("");
    expect(jsonLines(stdout)).toMatchObject([{ event: "plan", target: parts() }]);
  });

  it.each([
    ["up", "--sql"],
    ["bootstrap", "--sql", "--migrator-role", "a", "--app-role", "b"],
    ["lint", "--format", "sarif"],
  ])("it is named nowhere where no database is touched: %s", async (...args) => {
    const { stdout, stderr } = await run([...args, "--no-json"], {
      SCHEMAGATE_MIGRATOR_PASSWORD: "x",
      SCHEMAGATE_APP_PASSWORD: "y",
    });

    expect(stdout + stderr).not.toContain(database.name);
    expect(stdout).not.toBe("");
  });
});
