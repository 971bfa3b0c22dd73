import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checksum } from "../../../migrator/source/checksum";
import { useTestDatabase } from "../../support/database";
import { bin, cleanEnvironment, makeDirectory, runMigrator, start } from "../../support/migrator";

const database = useTestDatabase();

/** A project with a directory of migrations `m`, below a folder of its own so that it can be taken away. */
function writeProject(files: Readonly<Record<string, string>>): string {
  const root = join(makeDirectory(), "project");
  for (const [name, text] of Object.entries({ "package.json": '{ "type": "commonjs" }', ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

/** What a set's modules wrote, from the sources and from the sealed set behind which they are gone. */
async function runBoth(files: Readonly<Record<string, string>>): Promise<unknown[]> {
  await database.query("CREATE TABLE told (what text)");
  const other = await database.copy();
  const root = writeProject(files);
  const out = makeDirectory();
  const [fromSources, fromSeal] = [{ DATABASE_URL: database.url }, { DATABASE_URL: other.url }];
  try {
    const steps = [
      await runMigrator(["up", "--dir", join(root, "m"), "--json"], fromSources),
      await runMigrator(["seal", "--dir", join(root, "m"), "--out", out]),
    ];
    renameSync(root, `${root}-gone`);
    steps.push(await runMigrator(["up", "--dir", out, "--json"], fromSeal));
    expect(steps.map(({ code, stderr }) => ({ code, stderr }))).toEqual(steps.map(() => ({ code: 0, stderr: "" })));
    const told = "SELECT what FROM told ORDER BY what";
    const [here, there] = [await database.query(told), await other.query(told)];
    expect(there).toEqual(here);
    return here.map(({ what }) => what);
  } finally {
    await other.drop();
  }
}

/** A migration that tells what an expression comes to. */
const telling = (expression: string, before = "") =>
  `${before}\nexport async function up({ client }) {\n  await client.query("INSERT INTO told VALUES ($1)", [String(${expression})]);\n}\n`;

const fs = 'import { readFileSync, readdirSync } from "node:fs";';
const path = 'import { dirname, join } from "node:path"; import { fileURLToPath } from "node:url";';
const here = "const here = dirname(fileURLToPath(import.meta.url));";

describe("INV-22: a module reads what lies beside it, from the sources and sealed:", () => {
  it.each<[string, string, string?]>([
    ["a URL", 'readFileSync(new URL("./data/x.txt", import.meta.url), "utf8")', fs],
    ["a path of a URL", 'readFileSync(fileURLToPath(new URL("data/x.txt", import.meta.url)), "utf8")', fs + path],
    ["__dirname", 'readFileSync(join(__dirname, "data", "x.txt"), "utf8")', fs + path],
    ["a template", "readFileSync(`\x24{__dirname}/data/x.txt`, 'utf8')", fs],
    ["a sum", "readFileSync(__dirname + '/data/x.txt', 'utf8')", fs],
    ["import.meta.dirname", 'readFileSync(join(import.meta.dirname, "data/x.txt"), "utf8")', fs + path],
    ["import.meta.filename", 'readFileSync(join(import.meta.filename, "../data/x.txt"), "utf8")', fs + path],
    [
      "a URL of a URL",
      'readFileSync(new URL("x.txt", folder))',
      `${fs}const folder = new URL("./data/", import.meta.url);`,
    ],
    [
      "a path of a folder's URL",
      'readFileSync(join(root, "data/x.txt"))',
      `${fs}${path}const root = fileURLToPath(new URL(".", import.meta.url));`,
    ],
    [
      "either of two ways",
      'readFileSync(join(here, "data/x.txt"))',
      `${fs}${path}const here = import.meta.dirname ?? dirname(fileURLToPath(import.meta.url));`,
    ],
    ["a module that is chosen while it runs", 'readFileSync((await import(`./ways/\x24{["way"][0]}.ts`)).way)', fs],
    ["a constant", 'readFileSync(join(here, "data/x.txt"), "utf8")', fs + path + here],
    [
      "a folder",
      'readdirSync(new URL("data", import.meta.url)).map((name) => name.replace(".txt", "")).join() + "1"',
      fs,
    ],
    ["a name made while it runs", "readFileSync(join(here, 'data', `\x24{['x'][0]}.txt`), 'utf8')", fs + path + here],
    ["a place above", 'readFileSync(join(here, "..", "shared", "x.txt"), "utf8")', fs + path + here],
    ["require.resolve", 'readFileSync(require.resolve("./data/x.txt"), "utf8")', fs],
  ])("%s", async (_, expression, before = "") => {
    const told = await runBoth({
      "m/1_a.ts": telling(expression, before),
      ...{ "m/data/x.txt": "x1", "shared/x.txt": "x1" },
      "m/ways/way.ts": 'export const way = new URL("../data/x.txt", import.meta.url);',
    });
    expect(told).toEqual(["x1"]);
  });

  it("a module that another one imports, in a folder outside of the migrations", async () => {
    const told = await runBoth({
      "m/1_a.ts": telling("rows()", 'import { rows } from "../lib/deep/rows";'),
      "lib/deep/rows.ts": `${fs}export const rows = () => readFileSync(new URL("../rows.csv", import.meta.url), "utf8");`,
      "lib/rows.csv": "1,2",
    });
    expect(told).toEqual(["1,2"]);
  });

  it("code for a worker, which needs nothing else", async () => {
    const told = await runBoth({
      "m/1_a.ts": `import { once } from "node:events";
        import { Worker } from "node:worker_threads";
        export async function up({ client }) {
          const worker = new Worker(new URL("./lib/worker.mjs", import.meta.url));
          const [what] = await once(worker, "message");
          await worker.terminate();
          await client.query("INSERT INTO told VALUES ($1)", [what]);
        }`,
      "m/lib/worker.mjs": 'import { parentPort } from "node:worker_threads";\nparentPort.postMessage("worked");',
    });
    expect(told).toEqual(["worked"]);
  });

  it("SQL that it runs, in a folder that is ignored by itself", async () => {
    const told = await runBoth({
      "m/1_a.ts": `${fs}
        const text = readFileSync(new URL("./seeds/rows.sql", import.meta.url), "utf8");
        export const up = ({ client }) => client.query(text);`,
      "m/seeds/rows.sql": "INSERT INTO told VALUES ('seed')",
      "schemagate.json": '{ "ignore": ["seeds"] }',
    });
    expect(told).toEqual(["seed"]);
  });

  it("a package's data, and its JSON by createRequire", async () => {
    const told = await runBoth({
      "m/1_a.ts": telling(
        'words + require("./data.json").n',
        [
          'import { createRequire } from "node:module"; import words from "words";',
          "const require = createRequire(import.meta.url);",
        ].join("\n"),
      ),
      "m/data.json": '{ "n": 7 }',
      "node_modules/words/package.json": '{ "name": "words", "type": "module", "exports": "./index.js" }',
      "node_modules/words/index.js": `${fs}export default readFileSync(new URL("./w.txt", import.meta.url), "utf8");`,
      "node_modules/words/w.txt": "w",
    });
    expect(told).toEqual(["w7"]);
  });
});

describe("the language of a module is the same from the sources and sealed:", () => {
  it.each<[string, Readonly<Record<string, string>>, string]>([
    ["an await at top level", { "m/1_a.ts": telling("one", "const one = await Promise.resolve(1);") }, "1"],
    [
      "an await at top level of an imported package",
      {
        "m/1_a.mts": telling("one", 'import one from "late";'),
        "node_modules/late/package.json": '{ "name": "late", "type": "module", "exports": "./index.js" }',
        "node_modules/late/index.js": "export default await Promise.resolve(1);",
      },
      "1",
    ],
    [
      "paths of tsconfig.json",
      {
        "m/1_a.ts": telling("one", 'import { one } from "@lib/one";'),
        "lib/one.ts": "export const one: number = 1;",
        "tsconfig.json": '{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } }',
      },
      "1",
    ],
    [
      "decorators of the language",
      {
        "m/1_a.ts": telling(
          "new A().one()",
          "const twice = (f: any, context: any) => context.kind;\nclass A { @twice one() { return 1; } }",
        ).replace("context.kind", "function () { return context.kind; }"),
      },
      "method",
    ],
    [
      "decorators of TypeScript's first kind",
      {
        "m/1_a.ts": telling(
          "A.prototype.what",
          "const mark = (target: any, key: any, d: any) => { target.what = typeof d; };\nclass A { what: any; @mark one() {} }",
        ),
        "tsconfig.json": '{ "compilerOptions": { "experimentalDecorators": true, "useDefineForClassFields": true } }',
      },
      "object",
    ],
    ["JSON", { "m/1_a.ts": telling("data.n", 'import data from "./data.json";'), "m/data.json": '{ "n": 1 }' }, "1"],
    [
      "CommonJS",
      {
        "m/1_a.cjs":
          'const { n } = require("./data.json");\nexports.up = ({ client }) => client.query(`INSERT INTO told VALUES (\x24{n})`);\n',
        "m/data.json": '{ "n": 1 }',
      },
      "1",
    ],
    ["a module of Node loaded late", { "m/1_a.ts": telling('(await import("node:path")).basename("a/1")') }, "1"],
    [
      "its own place",
      { "m/1_a.ts": telling("basename(__filename)", 'import { basename } from "node:path";') },
      "1_a.ts",
    ],
  ])("%s", async (_, files, told) => {
    expect(await runBoth(files)).toEqual([told]);
  });
});

describe("INV-22: is refused with file, line and column, from the sources and by seal:", () => {
  it.each<[string, string, string, string]>([
    [
      "a name made while it runs",
      'import { readFileSync } from "node:fs";\nexport const up = (c) => readFileSync(`\x24{__dirname}/\x24{c.x}`);\n',
      "2:42",
      "the folder it lies in",
    ],
    [
      "its own folder",
      'import { readdirSync } from "node:fs";\n\nreaddirSync(import.meta.dirname);\nexport const up = () => {};\n',
      "3:13",
      "the folder it lies in",
    ],
    [
      "a file that is not there",
      'const u: URL = new URL("./nothing.json", import.meta.url);\nexport const up = () => fetch(u);\n',
      "2:31",
      "nothing.json, which is not there",
    ],
    ["import.meta as a whole", "export const up = () => console.log(import.meta);\n", "1:37", "import.meta"],
    ["a module named while it runs", "export const up = (c) => import(c.name);\n", "1:26", "import()"],
    [
      "a place made of its own",
      'export const up = () => fetch(import.meta.url.replace("1_a.ts", "x.txt"));\n',
      "1:31",
      "what is made of its place",
    ],
    [
      "its own place given away",
      "import { f } from './lib';\nf(__filename);\nexport const up = f;\n",
      "2:3",
      "made of",
    ],
    [
      "code that is not imported, and imports more",
      'export const up = () => new Worker(new URL("./lib/worker.mjs", import.meta.url));\n',
      "1:64",
      "worker.mjs, which imports what would not be carried",
    ],
    [
      "a file of secrets",
      'import { readFileSync } from "node:fs";\nreadFileSync(__dirname + "/.env");\nexport const up = () => {};\n',
      "2:14",
      ".env, which may hold secrets",
    ],
    ["a syntax error beside a place", "export const here = __dirname;\nexport const up = ;\n", "2:19", "Unexpected"],
    ["a syntax error", "export const up = ;\n", "1:19", "Unexpected"],
    ["a module that is not there", '\nimport { x } from "./nowhere";\nexport const up = () => x;\n', "2:19", "nowhere"],
  ])("%s", async (_, text, place, what) => {
    const root = writeProject({
      "m/1_a.ts": text,
      "m/.env": "PASSWORD=x",
      "m/lib/worker.mjs": 'import "zod";',
      "m/lib/index.ts": "export const f = (x: string) => x;",
    });
    const dir = join(root, "m");
    const env = { DATABASE_URL: database.url };
    const runs = [
      await runMigrator(["up", "--dir", dir], env),
      await runMigrator(["seal", "--dir", dir, "--out", makeDirectory()]),
    ];
    for (const { code, stderr } of runs) {
      expect(stderr).toContain(`${join(dir, "1_a.ts")}:${place}: `);
      expect(stderr).toContain(what);
      expect(stderr).not.toContain("bug in schemagate");
      expect(code).toBe(4);
    }
  });

  it("all modules of a set at once", async () => {
    const root = writeProject({ "m/1_a.ts": "export const up = ;", "m/2_b.ts": "export const up = ];" });
    const { code, stderr } = await runMigrator(["seal", "--dir", join(root, "m"), "--out", makeDirectory()]);
    expect({ code, files: stderr.match(/\d_\w\.ts cannot be loaded/g) }).toEqual({
      code: 4,
      files: ["1_a.ts cannot be loaded", "2_b.ts cannot be loaded"],
    });
  });
});

it("without esbuild modules run from their sources, and are not sealed", async () => {
  await database.query("CREATE TABLE told (what text)");
  const program = makeDirectory();
  cpSync(join(bin, ".."), join(program, "dist"), { recursive: true });
  mkdirSync(join(program, "node_modules"));
  symlinkSync(dirname(require.resolve("jiti/package.json")), join(program, "node_modules/jiti"));
  const dir = join(writeProject({ "m/1_a.ts": telling("one", "const one: number = 1;") }), "m");
  const run = (...args: string[]) =>
    start(process.execPath, [join(program, "dist/cli.js"), ...args, "--dir", dir], cleanEnvironment(), { cwd: program })
      .ended;

  expect(await run("up", "--database-url", database.url)).toMatchObject({ code: 0 });
  expect(await database.query("SELECT what FROM told")).toEqual([{ what: "1" }]);
  expect(await run("seal", "--out", makeDirectory())).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("must be compiled to be sealed, and the package esbuild is missing"),
  });
});

it("a set that an older version sealed is read", async () => {
  await database.query("CREATE TABLE told (what text)");
  const root = writeProject({ "m/1_a.ts": telling("1") });
  const out = makeDirectory();
  expect(await runMigrator(["seal", "--dir", join(root, "m"), "--out", out])).toMatchObject({ code: 0 });
  const code = "exports.up = ({ client }) => client.query(\"INSERT INTO told VALUES ('old')\");\n";
  writeFileSync(join(out, "1_a.cjs"), code);
  const { files } = JSON.parse(readFileSync(join(out, "sealed.json"), "utf8"));
  files[0].module.checksum = checksum(code);
  const older = JSON.stringify({ format: 2, files });
  writeFileSync(join(out, "sealed.json"), older);
  const summary = JSON.parse(readFileSync(join(out, "seal.json"), "utf8"));
  writeFileSync(join(out, "seal.json"), JSON.stringify({ ...summary, contents: checksum(older) }));

  expect(await runMigrator(["up", "--dir", out], { DATABASE_URL: database.url })).toMatchObject({ code: 0 });
  expect(await database.query("SELECT what FROM told")).toEqual([{ what: "old" }]);
});

it("a sealed set whose companion was altered is refused", async () => {
  const root = writeProject({
    "m/1_a.ts": telling('readFileSync(new URL("./x.txt", import.meta.url), "utf8")', fs),
    "m/x.txt": "x",
  });
  const out = makeDirectory();
  expect(await runMigrator(["seal", "--dir", join(root, "m"), "--out", out])).toMatchObject({ code: 0 });
  rmSync(root, { recursive: true });
  writeFileSync(join(out, "companions/1_a/x.txt"), "y");
  expect(await runMigrator(["up", "--dir", out], { DATABASE_URL: database.url })).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/companions\/1_a\/x\.txt cannot be used: its checksum is/),
  });
});
