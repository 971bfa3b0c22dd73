import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createTestDatabase, useTestDatabase } from "../../support/database";
import { jsonLines, makeDirectory, runBin, runMigrator, writeMigrations } from "../../support/migrator";

const database = useTestDatabase();

/** The line that says why a run failed. */
interface Failure {
  readonly code: string;
  readonly exitCode: number;
  readonly message: string;
  readonly hint?: string;
  readonly problems?: readonly { readonly code: string; readonly message: string; readonly hint?: string }[];
}

type Files = Readonly<Record<string, string | Buffer>>;

/** Runs a command of the bin on the test's database. */
function run(command: string, dir: string, ...more: string[]) {
  return runMigrator([command, "--json", "--dir", dir, "--database-url", database.url, ...more]);
}

/** Runs a command that must fail. @returns its error, whose exit code is the process's. */
async function fail(command: string, dir: string, ...more: string[]): Promise<Failure> {
  const { code, stderr } = await run(command, dir, ...more);
  const failures = jsonLines(stderr).filter(({ event }) => event === "failed");
  expect(failures).toHaveLength(1);
  const failure = failures[0] as unknown as Failure;
  expect(failure).toEqual(expect.objectContaining({ exitCode: code, message: expect.any(String) }));
  for (const { hint } of failure.problems ?? [failure]) {
    expect(hint).toEqual(expect.any(String));
  }
  expect(failure.exitCode).not.toBe(0);
  return failure;
}

/** What somebody made in the database: schemas, relations, functions, types; not what PostgreSQL brings. */
async function objects(): Promise<unknown[]> {
  const rows = await database.query(`
    WITH ours AS (SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')
    SELECT 'schema ' || nspname AS name FROM ours WHERE nspname <> 'public'
    UNION ALL SELECT nspname || '.' || relname FROM pg_class c JOIN ours ON ours.oid = relnamespace WHERE relkind IN ('r', 'v', 'm', 'S', 'f', 'p')
    UNION ALL SELECT nspname || '.' || proname FROM pg_proc JOIN ours ON ours.oid = pronamespace ORDER BY 1`);
  return rows.map(({ name }) => name);
}

/** Nothing was made at all, not even the ledger. */
async function expectUntouched(): Promise<void> {
  expect(await objects()).toEqual([]);
}

/** The ledger may have been made: what is found under the lock only. It says that nothing was applied, and nothing else is there. */
async function expectNothingApplied(): Promise<void> {
  const made = await objects();
  expect(made.filter((name) => !/^(schema )?schemagate\b/.test(String(name)))).toEqual([]);
  if (made.length > 0) {
    expect(await database.query("SELECT name FROM schemagate.migrations")).toEqual([]);
    expect(await database.query("SELECT name FROM schemagate.runs WHERE outcome <> 'failed'")).toEqual([]);
  }
}

const sql = (up: string, options = "") => `-- migrate:up ${options}\n${up}\n`;
const table = (name: string) => sql(`CREATE TABLE ${name} (id integer);`);
const good = { "20260101000001_good.sql": table("good") };

describe("a file that cannot be right is refused before anything happens:", () => {
  const bad = "20260101000002_bad.sql";

  test.each<[string, Files, { code: string; message: RegExp }]>([
    [
      "there is no marker",
      { [bad]: "CREATE TABLE t (id integer);\n" },
      { code: "no-marker", message: /no "-- migrate:up"/ },
    ],
    ["it is empty", { [bad]: "" }, { code: "no-marker", message: /no "-- migrate:up"/ }],
    [
      "there are two up markers",
      { [bad]: `${table("a")}${table("b")}` },
      { code: "duplicate-marker", message: /"-- migrate:up" stands on lines 1 and 3/ },
    ],
    [
      "there are two down markers",
      { [bad]: `${table("a")}-- migrate:down\nSELECT 1;\n-- migrate:down\nSELECT 2;\n` },
      { code: "duplicate-marker", message: /"-- migrate:down" stands on lines 3 and 5/ },
    ],
    [
      "the up section is empty",
      { [bad]: "-- migrate:up\n\n-- nothing\n" },
      { code: "empty-up", message: /:2: the up section has no statement/ },
    ],
    [
      "the up section is a comment in a block",
      { [bad]: "-- migrate:up\n/* later:\nCREATE TABLE t (id integer); */ ;\n" },
      { code: "empty-up", message: /:2: the up section has no statement/ },
    ],
    [
      "the down marker is indented, so that its statements would run as part of up",
      { [bad]: `${table("t")}  -- migrate:down\nDROP TABLE t;\n` },
      { code: "unknown-marker", message: /:3: " {2}-- migrate:down" is no marker/ },
    ],
    [
      "a marker is unknown",
      { [bad]: `${table("t")}-- migrate:dwon\nDROP TABLE t;\n` },
      { code: "unknown-marker", message: /:3: "-- migrate:dwon" is no marker/ },
    ],
    [
      "there are statements above the marker",
      { [bad]: `CREATE TABLE lost (id integer);\n${table("t")}` },
      { code: "statements-before-marker", message: /statements before line 2/ },
    ],
    [
      "an option is unknown",
      { [bad]: sql("SELECT 1;", "transaktion:false") },
      { code: "unknown-option", message: /:1: "transaktion:false" is no option/ },
    ],
    [
      "an option has no value",
      { [bad]: sql("SELECT 1;", "lock_timeout") },
      { code: "unknown-option", message: /"lock_timeout" is no option/ },
    ],
    [
      "a timeout is longer than PostgreSQL can count",
      { [bad]: sql("SELECT 1;", "lock_timeout:9999h") },
      { code: "unknown-option", message: /"lock_timeout:9999h" is no option/ },
    ],
    [
      "two files begin with the same number",
      { "20260101000002_a.sql": table("a"), "20260101000002_b.sql": table("b") },
      { code: "duplicate-version", message: /_a\.sql and .*_b\.sql begin with the same number/ },
    ],
    [
      "two files have the same name",
      { "20260101000002_a.sql": table("a"), "20260101000002_a.ts": "export const up = async () => {};\n" },
      { code: "duplicate-version", message: /_a\.sql and .*_a\.ts begin with the same number/ },
    ],
    [
      "a pair has the name of another file",
      { "20260101000002_a.sql": table("a"), "20260101000002_a.up.sql": "SELECT 1;\n" },
      { code: "duplicate-version", message: /begin with the same number/ },
    ],
    [
      "a pair has no up",
      { "20260101000002_a.down.sql": "SELECT 1;\n" },
      { code: "no-up-file", message: /no 20260101000002_a\.up\.sql/ },
    ],
    [
      "the name has no number",
      { "create_t.sql": table("t") },
      { code: "bad-name", message: /"create_t\.sql" is no migration name/ },
    ],
    [
      "the name holds a quote",
      { "20260101000002_it's.sql": table("t") },
      { code: "bad-name", message: /is no migration name/ },
    ],
    [
      "it is not UTF-8",
      { [bad]: Buffer.concat([Buffer.from(table("t")), Buffer.from([0x2d, 0x2d, 0xe4, 0x0a])]) },
      { code: "not-utf8", message: /is not UTF-8/ },
    ],
    [
      "it is UTF-16",
      { [bad]: Buffer.from(`\uFEFF${table("t")}`, "utf16le") },
      { code: "not-utf8", message: /is not UTF-8/ },
    ],
    ["it holds a NUL", { [bad]: `${table("t")}-- \0\n` }, { code: "nul", message: /:3: holds a NUL character/ }],
  ])("fails when %s", async (_, files, { code, message }) => {
    const failure = await fail("up", writeMigrations({ ...good, ...files }));

    expect(failure).toMatchObject({ code, exitCode: 4, message: expect.stringMatching(message) });
    await expectUntouched();
  });

  test("fails with every problem of every file at once", async () => {
    const failure = await fail("up", writeMigrations({ [bad]: "SELECT 1;\n", "20260101000003_worse.sql": sql("") }));

    expect(failure).toMatchObject({
      code: "plan-refused",
      exitCode: 4,
      message: "2 problems, nothing was changed",
      problems: [{ code: "no-marker" }, { code: "empty-up" }],
    });
    await expectUntouched();
  });

  test("status shows what is wrong, and does not call it current", async () => {
    const { code, stdout } = await run("status", writeMigrations({ ...good, [bad]: "SELECT 1;\n" }), "--check");

    expect(code).toBe(3);
    expect(jsonLines(stdout)).toMatchObject([{ open: false, problems: [{ code: "no-marker" }] }]);
    await expectUntouched();
  });

  test("a byte order mark and CRLF are accepted and do not change the checksum", async () => {
    const text = table("t");
    expect((await run("up", writeMigrations({ [bad]: `\uFEFF${text.replaceAll("\n", "\r\n")}` }))).code).toBe(0);
    const marked = await database.query("SELECT checksum FROM schemagate.migrations");

    const { code, stdout } = await run("up", writeMigrations({ [bad]: text }));

    expect(code).toBe(0);
    expect(jsonLines(stdout)).toMatchObject([{ event: "done", migrations: [] }]);
    expect(marked).toEqual([{ checksum: `sha256:${createHash("sha256").update(text).digest("hex")}` }]);
  });

  test("fails when a statement of a migration without a transaction does not parse, before the first of them runs", async () => {
    const failure = await fail(
      "up",
      writeMigrations({ [bad]: sql("CREATE TABLE t (id integer);\nCREAT TABLE u;", "transaction:false") }),
    );

    expect(failure).toMatchObject({
      code: "syntax",
      exitCode: 4,
      message: expect.stringMatching(/_bad\.sql:3: .*"CREAT"/),
    });
    await expectNothingApplied();
  });
});

describe("a directory that cannot be right is refused:", () => {
  const link = (target: string) => {
    const dir = writeMigrations(good);
    symlinkSync(target, join(dir, "20260101000002_link.sql"));
    return dir;
  };

  test.each<[string, () => string, { code: string; exitCode: number; message: RegExp }]>([
    [
      "it is not there",
      () => join(makeDirectory(), "none"),
      { code: "no-directory", exitCode: 2, message: /none cannot be read: ENOENT/ },
    ],
    [
      "it is a file",
      () => join(writeMigrations(good), Object.keys(good)[0] ?? ""),
      { code: "no-directory", exitCode: 2, message: /cannot be read: ENOTDIR/ },
    ],
    [
      "it holds no migration",
      () => writeMigrations({ "README.md": "#" }),
      { code: "no-migrations", exitCode: 2, message: /there is no migration in/ },
    ],
    [
      "a file in it is a link out of it",
      () => link(join(writeMigrations({ "20260101000002_outside.sql": table("t") }), "20260101000002_outside.sql")),
      {
        code: "outside-link",
        exitCode: 4,
        message: /_link\.sql is a link out of the migrations directory, to .*_outside\.sql/,
      },
    ],
    [
      "a file in it is a link to nothing",
      () => link("nowhere.sql"),
      { code: "unreadable", exitCode: 4, message: /_link\.sql: cannot be read: ENOENT/ },
    ],
    [
      "a file in it is a link to itself",
      () => link("20260101000002_link.sql"),
      { code: "unreadable", exitCode: 4, message: /cannot be read: ELOOP/ },
    ],
    [
      "a file in it is a link to a directory",
      () => link("."),
      { code: "unreadable", exitCode: 4, message: /cannot be read: it is no file/ },
    ],
    [
      "a file in it is a pipe",
      () => {
        const dir = writeMigrations(good);
        execFileSync("mkfifo", [join(dir, "20260101000002_pipe.sql")]);
        return dir;
      },
      { code: "unreadable", exitCode: 4, message: /_pipe\.sql: cannot be read: it is no file/ },
    ],
    [
      "a folder in it is a link out of it",
      () => {
        const dir = writeMigrations(good);
        symlinkSync(writeMigrations({ "view.sql": "SELECT 1;\n" }), join(dir, "repeatable"));
        return dir;
      },
      { code: "outside-link", exitCode: 4, message: /repeatable\/view\.sql is a link out of/ },
    ],
    [
      "it holds a hook of another name",
      () => inFolder(writeMigrations(good), "hooks/beforeEach.sql", "SELECT 1;\n"),
      { code: "unknown-hook", exitCode: 4, message: /hooks\/beforeEach\.sql: there is no hook of this name/ },
    ],
    [
      "a repeatable object is empty",
      () => inFolder(writeMigrations(good), "repeatable/view.sql", "\n"),
      { code: "empty-up", exitCode: 4, message: /repeatable\/view\.sql:1/ },
    ],
  ])("fails when %s", async (_, makeDir, { code, exitCode, message }) => {
    expect(await fail("up", makeDir())).toMatchObject({ code, exitCode, message: expect.stringMatching(message) });
    await expectUntouched();
  });

  function inFolder(dir: string, path: string, text: string): string {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
    return dir;
  }
});

describe("SQL that cannot do in a migration what it says is refused before any of it runs:", () => {
  const bad = "20260101000002_bad.sql";

  test.each<[string, string, { code: string; message: RegExp }]>([
    [
      "\\copy",
      "CREATE TABLE t (id integer);\n\\copy t FROM 'rows.csv'",
      { code: "psql-command", message: /:3: "\\copy t FROM 'rows\.csv'" is a command of psql/ },
    ],
    ["\\i", "\\i other.sql", { code: "psql-command", message: /:2: "\\i other\.sql" is a command of psql/ }],
    [
      "COPY with its rows and \\.",
      "CREATE TABLE t (id integer);\nCOPY t FROM stdin;\n1\n\\.",
      { code: "psql-command", message: /:5: "\\\." is a command of psql/ },
    ],
    [
      "COPY … FROM stdin",
      "CREATE TABLE t (id integer);\nCOPY t FROM stdin;",
      { code: "copy-stdin", message: /:3: "COPY t FROM stdin" reads from a client/ },
    ],
    [
      "BEGIN and COMMIT",
      "BEGIN;\nCREATE TABLE t (id integer);\nCOMMIT;",
      { code: "plan-refused", message: /^2 problems, nothing was changed$/ },
    ],
    [
      "COMMIT in the middle",
      "CREATE TABLE t (id integer);\nCOMMIT;\nSELECT 1/0;",
      { code: "transaction-control", message: /:3: "COMMIT" inside a migration/ },
    ],
    [
      "ROLLBACK behind a comment",
      "CREATE TABLE t (id integer); /* never */ ROLLBACK;",
      { code: "transaction-control", message: /:2: "ROLLBACK" inside a migration/ },
    ],
    [
      "PREPARE TRANSACTION",
      "CREATE TABLE t (id integer);\nPREPARE TRANSACTION 'x';",
      { code: "transaction-control", message: /:3: "PREPARE TRANSACTION 'x'" inside/ },
    ],
  ])("fails when it holds %s", async (_, up, { code, message }) => {
    const failure = await fail("up", writeMigrations({ ...good, [bad]: sql(up) }));

    expect(failure).toMatchObject({ code, exitCode: 4, message: expect.stringMatching(message) });
    await expectNothingApplied();
  });

  test.each(["\\copy t FROM 'rows.csv'", "COPY t FROM stdin;\n1\n\\."])(
    "fails when a migration without a transaction holds %j",
    async (up) => {
      const failure = await fail("up", writeMigrations({ ...good, [bad]: sql(up, "transaction:false") }));

      expect(failure.exitCode).toBe(4);
      expect((failure.problems ?? [failure]).map(({ code }) => code)).toContain("psql-command");
      await expectNothingApplied();
    },
  );

  test("comments of every form in front of a statement are skipped, where the statements run one by one", async () => {
    const up =
      "/* outer /* inner */ still outer */ CREATE TABLE t (id integer);\n-- line\n/* block */ INSERT INTO t VALUES (1); ;\n/* end */";

    expect(await run("up", writeMigrations({ [bad]: sql(up, "transaction:false") }))).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect(await database.query("SELECT id FROM t")).toEqual([{ id: 1 }]);
  });

  test("the same words in a string, a comment, a function's body or a savepoint are no matter", async () => {
    const up = `CREATE TABLE words (word text);
INSERT INTO words VALUES ('BEGIN; COMMIT;'), ('\\copy'), (E'\\\\i'); -- COMMIT
/* ROLLBACK;
\\i other.sql */
CREATE FUNCTION f() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
SAVEPOINT a;
ROLLBACK TO SAVEPOINT a;
RELEASE SAVEPOINT a;
COPY words TO stdout;`;

    expect(await run("up", writeMigrations({ [bad]: sql(up) }))).toMatchObject({ code: 0, stderr: "" });
    expect(await database.query("SELECT count(*)::integer AS words FROM words")).toEqual([{ words: 3 }]);
  });
});

describe("a big file", () => {
  // A copy per statement would take terabytes, and hours.
  const bytes = 16_000_000;

  test.each([
    ["of statements", "INSERT INTO big VALUES (1, 'a row like many others, with a text of some length in it');\n"],
    [
      "whose texts look as if they held COMMIT",
      "INSERT INTO big VALUES (1, 'the end: begin, commit, and roll back again, in words');\n",
    ],
  ])("%s is applied in bounded time and memory", async (_, line) => {
    const lines = Math.ceil(bytes / line.length);
    const dir = writeMigrations({
      "1_big.sql": `${sql("CREATE TABLE big (id integer, note text);")}${line.repeat(lines)}`,
    });

    const result = await runBin(["up", "--json", "--dir", dir, "--database-url", database.url], {
      NODE_OPTIONS: "--max-old-space-size=350",
    });

    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(await database.query("SELECT count(*)::integer AS rows FROM big")).toEqual([{ rows: lines }]);
  });

  test("of ten thousand statements without a transaction is split, and refused for what another one holds", async () => {
    const insert = "INSERT INTO big VALUES (1, 'the end: begin, commit, in words');\n";
    const dir = writeMigrations({
      "1_big.sql": sql(insert.repeat(10_000), "transaction:false"),
      "2_bad.sql": sql("BEGIN;"),
    });

    expect(await fail("up", dir)).toMatchObject({ code: "transaction-control", exitCode: 4 });
  });

  test("of comments is applied", async () => {
    const comment = `-- ${"x".repeat(96)}\n`;
    const dir = writeMigrations({ "1_big.sql": `${table("t")}${comment.repeat(bytes / comment.length)}` });

    expect(await run("up", dir)).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("a module that cannot be right is refused before anything of the run is applied:", () => {
  const bad = "20260101000002_bad.ts";

  test.each<[string, string, { code: string; message: RegExp }]>([
    [
      "has no up",
      "export const down = async () => {};",
      { code: "bad-module", message: /_bad\.ts: exports no function `up`/ },
    ],
    ["exports nothing", "const up = 1;", { code: "bad-module", message: /exports no function `up`/ }],
    [
      "exports an up that is no function",
      "export const up = 'CREATE TABLE t';",
      { code: "bad-module", message: /exports no function `up`/ },
    ],
    ["exports null", "export default null;", { code: "bad-module", message: /exports no function `up`/ }],
    ["exports a number", "module.exports = 42;", { code: "bad-module", message: /exports no function `up`/ }],
    [
      "exports a down that is no function",
      "export const up = async () => {};\nexport const down = 'DROP TABLE t';",
      { code: "bad-module", message: /a `down` that is no function/ },
    ],
    [
      "exports batches without apply",
      "export const batches = { next: async () => [] };",
      { code: "bad-module", message: /`batches` without the functions `next` and `apply`/ },
    ],
    [
      "exports batches that are no object",
      "export const batches = 7;",
      { code: "bad-module", message: /`batches` without the functions/ },
    ],
    [
      "exports batches whose total is no function",
      "export const batches = { next: async () => [], apply: async () => {}, total: 7 };",
      { code: "bad-module", message: /exports `batches` with a `total` that is no function/ },
    ],
    [
      "exports batches with a pause of no length",
      "export const batches = { next: async () => [], apply: async () => {}, pauseMs: 'long' };",
      { code: "bad-module", message: /exports `batches` with a `pauseMs` that is no whole number of milliseconds/ },
    ],
    [
      "exports both up and batches",
      "export const up = async () => {};\nexport const batches = { next: async () => [], apply: async () => {} };",
      { code: "bad-module", message: /exports both `up` and `batches`/ },
    ],
    [
      "exports a timeout in words",
      "export const up = async () => {};\nexport const lockTimeoutMs = '5s';",
      { code: "bad-module", message: /a timeout that is no whole number/ },
    ],
    [
      "exports a timeout longer than PostgreSQL can count",
      "export const up = async () => {};\nexport const lockTimeoutMs = 2 ** 31;",
      { code: "bad-module", message: /a timeout that is no whole number/ },
    ],
    [
      "exports a transaction that is no boolean",
      "export const up = async () => {};\nexport const transaction = 'false';",
      { code: "bad-module", message: /a `transaction` that is neither true nor false/ },
    ],
    [
      "has a syntax error",
      "export const up = async ( => {};",
      { code: "module-load", message: /_bad\.ts cannot be loaded: / },
    ],
    [
      "throws while it is loaded",
      "throw new Error('no such setting');",
      { code: "module-load", message: /_bad\.ts cannot be loaded: .*no such setting/ },
    ],
    [
      "throws no error while it is loaded",
      "throw undefined;",
      { code: "module-load", message: /_bad\.ts cannot be loaded: / },
    ],
    [
      "imports what is not there",
      "import './nowhere';\nexport const up = async () => {};",
      { code: "module-load", message: /_bad\.ts cannot be loaded: .*nowhere/ },
    ],
  ])("fails when it %s", async (_, text, { code, message }) => {
    const failure = await fail("up", writeMigrations({ ...good, [bad]: `${text}\n` }));

    expect(failure).toMatchObject({ code, exitCode: 4, message: expect.stringMatching(message) });
    await expectNothingApplied();
  });

  test("fails with the problems of every module and every SQL file at once", async () => {
    const dir = writeMigrations({
      [bad]: "export const up = 1;\n",
      "3_worse.ts": "throw new Error('x');\n",
      "4_begin.sql": sql("BEGIN;"),
    });

    expect(await fail("up", dir)).toMatchObject({
      code: "plan-refused",
      exitCode: 4,
      problems: expect.arrayContaining([
        expect.objectContaining({ code: "bad-module" }),
        expect.objectContaining({ code: "module-load" }),
        expect.objectContaining({ code: "transaction-control" }),
      ]),
    });
    await expectNothingApplied();
  });

  test.each([
    ["SQL", "20260101000002_one.sql", table("t")],
    [
      "code",
      "20260101000002_one.ts",
      "export const up = async ({ client }: any) => client.query('CREATE TABLE t (id integer)');\n",
    ],
  ])("down fails when the migration in %s has none", async (_, name, text) => {
    const dir = writeMigrations({ [name]: text });
    expect((await run("up", dir)).code).toBe(0);

    expect(await fail("down", dir)).toMatchObject({
      code: "no-down",
      exitCode: 4,
      message: expect.stringContaining("20260101000002_one has no down"),
    });
    expect(await objects()).toContain("public.t");
    expect(await database.query("SELECT name FROM schemagate.migrations")).toEqual([{ name: "20260101000002_one" }]);
  });
});

describe("a sealed set that cannot be right is refused:", () => {
  const sources = { ...good, "20260101000002_code.ts": "export const up = async () => {};\n" };

  async function seal(): Promise<string> {
    const sealed = makeDirectory();
    expect((await runMigrator(["seal", "--dir", writeMigrations(sources), "--out", sealed])).code).toBe(0);
    return sealed;
  }

  const alter = (file: string, change: (text: string) => string) =>
    writeFileSync(file, change(readFileSync(file, "utf8")));

  test.each<[string, string, (text: string) => string, RegExp]>([
    ["truncated", "sealed.json", (text) => text.slice(0, -20), /altered after it was sealed/],
    ["empty", "sealed.json", () => "", /altered after it was sealed/],
    [
      "altered",
      "sealed.json",
      (text) => text.replace("CREATE TABLE good", "CREATE TABLE evil"),
      /altered after it was sealed/,
    ],
    ["summed up by half a file", "seal.json", (text) => text.slice(0, -20), /seal\.json cannot be used: .*JSON/],
    ["summed up by an empty file", "seal.json", () => "", /seal\.json cannot be used: .*JSON/],
    ["summed up by null", "seal.json", () => "null", /there is no seal\.json beside it/],
    ["summed up by a list", "seal.json", () => "[]", /its format is undefined, this version reads 1/],
  ])("fails when it is %s", async (_, name, damage, message) => {
    const sealed = await seal();
    alter(join(sealed, name), damage);

    expect(await fail("up", sealed)).toMatchObject({
      code: "bad-seal",
      exitCode: 2,
      message: expect.stringMatching(message),
    });
    await expectUntouched();
  });

  test("fails when it is of another format", async () => {
    const sealed = await seal();
    alter(join(sealed, "sealed.json"), (text) => text.replace('"format": 3', '"format": 99'));
    const digest = createHash("sha256")
      .update(readFileSync(join(sealed, "sealed.json")))
      .digest("hex");
    alter(join(sealed, "seal.json"), (text) => text.replace(/sha256:[0-9a-f]+/, `sha256:${digest}`));

    expect(await fail("up", sealed)).toMatchObject({
      code: "bad-seal",
      exitCode: 2,
      message: expect.stringContaining("its format is 99, this version reads 2 and 3"),
    });
    await expectUntouched();
  });

  test.each<[string, (file: string) => void, RegExp]>([
    ["altered", (file) => writeFileSync(file, "exports.up = async () => {};\n"), /its checksum is sha256:/],
    ["not there", (file) => rmSync(file), /20260101000002_code\.cjs cannot be used: ENOENT/],
  ])("fails when a module of it is %s", async (_, damage, message) => {
    const sealed = await seal();
    damage(join(sealed, "20260101000002_code.cjs"));

    expect(await fail("up", sealed)).toMatchObject({
      code: "bad-seal",
      exitCode: 2,
      message: expect.stringMatching(message),
    });
    await expectNothingApplied();
  });
});

describe("settings that cannot be right are refused:", () => {
  const seconds = "must be seconds, a number from 0 to 86400";
  const noSeconds = ["-1", "86401", "abc", "", " ", "1s", "NaN", "Infinity"];
  const noCount = ["-1", "1.5", "1e3", "1000001", "abc", ""];
  const noName = ["", "x".repeat(64), "ä".repeat(32)];

  test.each<[string, string[], string]>([
    ["--connect-timeout", noSeconds, seconds],
    ["--lock-wait", noSeconds, seconds],
    ["--lock-timeout", noSeconds, seconds],
    ["--statement-timeout", noSeconds, seconds],
    ["--retries", noCount, "must be a whole number from 0 to 1000000"],
    ["--steps", ["0", ...noCount], "must be a whole number from 1 to 1000000"],
    ["--ahead", ["maybe", ""], "must be one of pass, refuse"],
    ["--out-of-order", ["maybe", ""], "must be one of refuse, allow"],
    ["--auth", ["kerberos", ""], "must be one of password, entra"],
    ["--ledger-schema", noName, "must be a schema name of 1 to 63 bytes"],
    ["--ledger-schema", ["pg_ledger", "pg_"], "must not begin with pg_"],
  ])("fails when %s is one of %j", async (option, values, message) => {
    // Nothing listens there: what is wrong with a setting is said before any connection.
    const args = ["up", "--json", "--dir", ".", "--database-url", "postgres://127.0.0.1:1/x", option];

    const results = await Promise.all(values.map((value) => runMigrator([...args, value])));

    expect(results.map(({ code }) => code)).toEqual(values.map(() => 2));
    expect(results.map(({ stderr }) => jsonLines(stderr))).toEqual(
      values.map((value) => [
        expect.objectContaining({
          code: "bad-option",
          exitCode: 2,
          message: expect.stringContaining(`${option} (${JSON.stringify(value)}): ${message}`),
          hint: expect.stringContaining("It means: "),
        }),
      ]),
    );
  });

  test("fails with every wrong setting at once, wherever it comes from", async () => {
    const { code, stderr } = await runMigrator(["up", "--json", "--steps", "0"], {
      SCHEMAGATE_RETRIES: "many",
      SCHEMAGATE_LEDGER_SCHEMA: "pg_x",
    });

    expect(code).toBe(2);
    expect(jsonLines(stderr)).toMatchObject([
      {
        code: "settings-refused",
        problems: [
          { message: expect.stringContaining("SCHEMAGATE_LEDGER_SCHEMA") },
          { message: expect.stringContaining("SCHEMAGATE_RETRIES") },
          { message: expect.stringContaining("--steps") },
        ],
      },
    ]);
  });

  test.each<[string, string[], { code: string; message: RegExp }]>([
    [
      "up is told --to and --steps",
      ["up", "--to", "20260101000001", "--steps", "1"],
      { code: "two-targets", message: /--to .* and --steps \(1\) both say how far/ },
    ],
    [
      "up is told --from without --sql",
      ["up", "--from", "20260101000001"],
      { code: "sql-range", message: /--from needs --sql/ },
    ],
    [
      "up is told --sql and --steps",
      ["up", "--sql", "--steps", "1"],
      { code: "sql-range", message: /--sql has no --steps/ },
    ],
    [
      "down is told --all and --steps",
      ["down", "--all", "--steps", "1"],
      { code: "two-targets", message: /--steps and --all each say how far/ },
    ],
    [
      "down is told --to and --all",
      ["down", "--all", "--to", "20260101000001"],
      { code: "two-targets", message: /--to and --all each say how far/ },
    ],
    [
      "an option is unknown",
      ["up", "--setps", "1"],
      { code: "bad-arguments", message: /unknown option '--setps'[\s\S]*--steps/ },
    ],
    ["a command is unknown", ["upp"], { code: "bad-arguments", message: /unknown command 'upp'[\s\S]*up/ }],
    [
      "an option lacks its value",
      ["up", "--steps"],
      { code: "bad-arguments", message: /'--steps <count>' argument missing/ },
    ],
    ["an argument is one too many", ["up", "now"], { code: "bad-arguments", message: /too many arguments/ }],
    [
      "--to names nothing",
      ["up", "--to", "20260101000009_nothing"],
      { code: "unknown-name", message: /no migration is named "20260101000009_nothing"/ },
    ],
  ])("fails when %s", async (_, [command = "", ...args], { code, message }) => {
    const failure = await fail(command, writeMigrations(good), ...args);

    expect(failure).toMatchObject({ code, exitCode: 2, message: expect.stringMatching(message) });
    await expectUntouched();
  });

  test.each(["up", "down"])("%s fails when --to is mistyped, and says what was meant", async (command) => {
    expect(await fail(command, writeMigrations(good), "--to", "godo")).toMatchObject({
      code: "unknown-name",
      exitCode: 2,
      hint: expect.stringContaining("Did you mean 20260101000001_good?"),
    });
    await expectUntouched();
  });
});

describe("the ledger", () => {
  const dir = () => writeMigrations(good);

  test.each(['a"; DROP TABLE precious; --', "it's", "Großer Name", "x.y", "$1", "select", "\\", "x".repeat(63)])(
    "takes %j for a plain name of its schema",
    async (name) => {
      await database.query("CREATE TABLE precious (id integer)");

      expect(await run("up", dir(), "--ledger-schema", name)).toMatchObject({ code: 0, stderr: "" });
      expect((await run("status", dir(), "--ledger-schema", name, "--check")).code).toBe(0);

      expect(await objects()).toEqual(
        expect.arrayContaining([`schema ${name}`, `${name}.migrations`, "public.precious", "public.good"]),
      );
      expect(
        await database.query(
          "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema')",
        ),
      ).toEqual([{ nspname: name }]);
    },
  );

  test.each<[string, string, string]>([
    ["of a newer format", "UPDATE schemagate.format SET format = 2", "ledger-format"],
    [
      "of a newer format with other columns",
      "UPDATE schemagate.format SET format = 2; ALTER TABLE schemagate.migrations RENAME progress TO state",
      "ledger-format",
    ],
    [
      "of a newer format without one of our tables",
      "UPDATE schemagate.format SET format = 2; ALTER TABLE schemagate.migrations RENAME TO applied",
      "ledger-format",
    ],
    ["whose format is lost", "DELETE FROM schemagate.format", "ledger-format"],
    [
      "with a table of another tool under our name",
      "DROP SCHEMA schemagate CASCADE; CREATE SCHEMA schemagate; CREATE TABLE schemagate.migrations (id serial, version text)",
      "foreign-ledger",
    ],
    [
      "with tables of another tool under all our names",
      "ALTER TABLE schemagate.migrations RENAME checksum TO hash",
      "foreign-ledger",
    ],
    [
      "with a view of another tool under our name",
      "DROP SCHEMA schemagate CASCADE; CREATE SCHEMA schemagate; CREATE VIEW schemagate.runs AS SELECT 1 AS id",
      "foreign-ledger",
    ],
    [
      "of a newer format with another log",
      "UPDATE schemagate.format SET format = 2; ALTER TABLE schemagate.runs RENAME outcome TO result",
      "ledger-format",
    ],
  ])("%s is refused, and nothing is written", async (_, change, code) => {
    expect((await run("up", dir())).code).toBe(0);
    await database.query(change);
    const before = await objects();
    const more = writeMigrations({ ...good, "20260101000002_more.sql": table("more") });

    for (const command of ["up", "down", "status", "current"]) {
      expect(await fail(command, more)).toMatchObject({
        code,
        exitCode: 4,
        message: expect.stringContaining("schemagate"),
      });
    }
    const history = await runMigrator(["history", "--json", "--database-url", database.url]);
    expect(history.code).toBe(4);
    expect(jsonLines(history.stderr)).toMatchObject([{ event: "failed", code }]);

    expect(await objects()).toEqual(before);
  });
});

describe("a migration that leaves its session or its transaction in disorder:", () => {
  const bad = "20260101000002_bad";
  const after = { "20260101000003_after.sql": sql("CREATE TABLE after (id integer);") };
  const code = (body: string) => `export async function up({ client }: any): Promise<void> { ${body} }\n`;
  const ledger = async () =>
    (await database.query("SELECT name FROM schemagate.migrations ORDER BY sequence")).map(({ name }) => name);
  const role = `test_${process.pid}_nobody`;

  afterAll(async () => {
    const other = await createTestDatabase();
    await other.query(`DROP ROLE IF EXISTS ${role}`);
    await other.drop();
  });

  test("SET ROLE and search_path left behind do not reach the next migration, nor the ledger", async () => {
    await database.query(`DO $$ BEGIN CREATE ROLE ${role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$`);
    await database.query(`CREATE SCHEMA elsewhere AUTHORIZATION ${role}`);
    const leave = `SET ROLE ${role};\nSET search_path = elsewhere;\nSET lock_timeout = 1;\nCREATE TABLE theirs (id integer);`;

    const result = await run("up", writeMigrations({ [`${bad}.sql`]: sql(leave), ...after }));

    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(
      await database.query(
        "SELECT schemaname, tablename, tableowner FROM pg_tables WHERE tablename IN ('after', 'theirs') ORDER BY 2",
      ),
    ).toEqual([
      { schemaname: "public", tablename: "after", tableowner: "postgres" },
      { schemaname: "elsewhere", tablename: "theirs", tableowner: role },
    ]);
    expect(await database.query("SELECT role, outcome FROM schemagate.runs")).toEqual(
      Array(2).fill({ role: "postgres", outcome: "applied" }),
    );
    await database.query(`DROP OWNED BY ${role}`);
  });

  test("SET ROLE left behind by a migration without a transaction does not reach the next one, nor the ledger", async () => {
    await database.query(`DO $$ BEGIN CREATE ROLE ${role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$`);
    await database.query(`CREATE SCHEMA elsewhere AUTHORIZATION ${role}`);
    const leave = `SET ROLE ${role};\nCREATE TABLE elsewhere.theirs (id integer);`;

    const result = await run("up", writeMigrations({ [`${bad}.sql`]: sql(leave, "transaction:false"), ...after }));

    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(
      await database.query(
        "SELECT tablename, tableowner FROM pg_tables WHERE tablename IN ('after', 'theirs') ORDER BY 1",
      ),
    ).toEqual([
      { tablename: "after", tableowner: "postgres" },
      { tablename: "theirs", tableowner: role },
    ]);
    await database.query(`DROP OWNED BY ${role}`);
  });

  test.each([
    [
      "swallows an error",
      "await client.query('CREATE TABLE t (id integer)'); await client.query('SELECT 1/0').catch(() => {});",
      "an error inside it was caught and ignored",
    ],
    [
      "asks and does not wait for the error",
      "client.query('SELECT 1/0').catch(() => {});",
      "it ended while a query of it was under way",
    ],
  ])("fails when a module %s, and nothing of it is kept", async (_, body, why) => {
    const failure = await fail("up", writeMigrations({ ...good, [`${bad}.ts`]: code(body), ...after }));

    expect(failure).toMatchObject({
      code: "migration-failed",
      exitCode: 6,
      message: expect.stringContaining(why),
      done: ["20260101000001_good"],
      notRun: ["20260101000003_after"],
    });
    expect(await ledger()).toEqual(["20260101000001_good"]);
    expect(await objects()).not.toContain("public.t");
  });

  test("ends with an error when a module asks and never looks at the answer, which is one", async () => {
    const dir = writeMigrations({ ...good, [`${bad}.ts`]: code("void client.query('SELECT 1/0');"), ...after });

    const { code: exitCode } = await runBin(["up", "--dir", dir, "--database-url", database.url]);

    expect(exitCode).toBe(6);
    expect(await ledger()).toEqual(["20260101000001_good"]);
  });

  test.each([
    ["a string", "'oops'", "oops"],
    ["undefined", "undefined", "it threw undefined, which is no error"],
  ])("fails when a module throws %s instead of an error", async (_, thrown, message) => {
    expect(await fail("up", writeMigrations({ [`${bad}.ts`]: code(`throw ${thrown};`), ...after }))).toMatchObject({
      code: "migration-failed",
      exitCode: 6,
      message: expect.stringContaining(`failed and was rolled back: ${message}`),
    });
    await expectNothingApplied();
  });

  test("fails when a module commits and then fails, and does not call it rolled back", async () => {
    const text = code("await client.query('CREATE TABLE t (id integer); COMMIT'); await client.query('SELECT 1/0');");

    expect(await fail("up", writeMigrations({ [`${bad}.ts`]: text, ...after }))).toMatchObject({
      code: "transaction-ended",
      exitCode: 8,
      message: expect.stringContaining("then it failed: division by zero"),
    });
    expect(await objects()).toContain("public.t");
    expect(await ledger()).toEqual([]);
  });

  test("fails with exit 6 when a deferred constraint fails at COMMIT", async () => {
    const text = sql(
      "CREATE TABLE t (id integer PRIMARY KEY, parent integer REFERENCES t DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO t VALUES (1, 2);",
    );

    expect(await fail("up", writeMigrations({ [`${bad}.sql`]: text, ...after }))).toMatchObject({
      code: "migration-failed",
      exitCode: 6,
      sqlState: "23503",
    });
    await expectNothingApplied();
  });

  test.each([
    ["COMMIT", "CREATE TABLE t (id integer)", ["public.t"]],
    ["ROLLBACK", "CREATE TABLE t (id integer)", []],
    ["COMMIT and BEGIN", "CREATE TABLE t (id integer)", ["public.t"]],
    ["COMMIT AND CHAIN", "CREATE TABLE t (id integer)", ["public.t"]],
  ])("fails when a module calls %s itself, and does not record it as applied", async (words, create, left) => {
    const calls = words.split(" and ").map((word) => `await client.query('${word}');`);
    const failure = await fail(
      "up",
      writeMigrations({
        ...good,
        [`${bad}.ts`]: code(`await client.query('${create}'); ${calls.join(" ")}`),
        ...after,
      }),
    );

    expect(failure).toMatchObject({ code: "transaction-ended", exitCode: 8, message: expect.stringContaining(bad) });
    expect(await ledger()).toEqual(["20260101000001_good"]);
    expect((await objects()).filter((name) => name === "public.t")).toEqual(left);
    expect(await objects()).not.toContain("public.after");
  });

  test("fails when a batch calls COMMIT itself", async () => {
    const batches =
      "export const batches = { next: async (client: any, last: any) => last ? [] : [1], apply: (client: any) => client.query('COMMIT') };\n";

    expect(await fail("up", writeMigrations({ [`${bad}.ts`]: batches, ...after }))).toMatchObject({
      code: "transaction-ended",
      exitCode: 8,
    });
    expect(await objects()).not.toContain("public.after");
  });

  test("fails when batches never come to an end because next does not go on behind the last key", async () => {
    const batches = "export const batches = { next: async () => [1, 2], apply: async () => {} };\n";

    expect(await fail("up", writeMigrations({ [`${bad}.ts`]: batches, ...after }))).toMatchObject({
      code: "partial",
      exitCode: 8,
      message: expect.stringContaining("stopped behind 2 rows: `next` returned 2 as its last key again"),
    });
  });

  test.each([
    ["nothing", "undefined"],
    ["rows instead of a list", "{ rows: [] }"],
    ["keys of a column that is not there", "[{ id: 1 }].map((row: any) => row.key)"],
  ])("fails when next of batches returns %s", async (_, returned) => {
    const batches = `export const batches = { next: async () => (${returned}), apply: async () => {} };\n`;

    expect(await fail("up", writeMigrations({ [`${bad}.ts`]: batches, ...after }))).toMatchObject({
      code: "partial",
      exitCode: 8,
      message: expect.stringContaining("stopped behind 0 rows: `next` returned"),
    });
    expect(await objects()).not.toContain("public.after");
  });

  test("a transaction that a migration without one leaves open is committed together with its ledger row", async () => {
    const text = sql("BEGIN;\nCREATE TABLE t (id integer);", "transaction:false");

    expect((await run("up", writeMigrations({ [`${bad}.sql`]: text, ...after }))).code).toBe(0);
    expect(await objects()).toEqual(expect.arrayContaining(["public.t", "public.after"]));
    expect(await ledger()).toEqual([bad, "20260101000003_after"]);
  });

  test("fails when a migration without a transaction leaves one that is aborted", async () => {
    const text = `export const transaction = false;\n${code("await client.query('BEGIN; CREATE TABLE t (id integer)'); await client.query('SELECT 1/0').catch(() => {});")}`;

    expect(await fail("up", writeMigrations({ [`${bad}.ts`]: text, ...after }))).toMatchObject({
      code: "partial",
      exitCode: 8,
    });
    expect(await database.query("SELECT name, progress IS NULL AS done FROM schemagate.migrations")).toEqual([
      { name: bad, done: false },
    ]);
    expect(await objects()).not.toContain("public.after");
  });

  test("fails with exit 6 when DISCARD ALL stands in a transaction, which PostgreSQL refuses", async () => {
    expect(await fail("up", writeMigrations({ [`${bad}.sql`]: sql("DISCARD ALL;"), ...after }))).toMatchObject({
      code: "migration-failed",
      exitCode: 6,
    });
    await expectNothingApplied();
  });

  test.each([
    ["pg_advisory_unlock_all", sql("SELECT pg_advisory_unlock_all();")],
    ["DISCARD ALL", sql("DISCARD ALL;", "transaction:false")],
  ])("fails before the next migration when one lost the lock by %s", async (_, text) => {
    const failure = await fail("up", writeMigrations({ [`${bad}.sql`]: text, ...after }));

    expect(failure).toMatchObject({
      code: "lock-lost",
      exitCode: 2,
      done: [bad],
      hint: expect.stringContaining("DISCARD ALL"),
    });
    expect(await ledger()).toEqual([bad]);
    expect(await objects()).not.toContain("public.after");
  });
});
