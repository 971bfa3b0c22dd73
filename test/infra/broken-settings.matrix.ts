import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jiti, root } from "../support/migrator";
import { type Result, runNode } from "./support/run-script";

// What a person wrote wrongly is told once, by whatever command comes across it, and ends with 2.

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "schemagate-broken-"));
  mkdirSync(join(project, "infra", "settings"), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  write("cdktf.json", JSON.stringify({ language: "typescript", app: `node ${jiti} infra/main.ts` }));
  write("package.json", JSON.stringify({ name: "shop", version: "1.0.0" }));
  write("infra/main.ts", mainWith(""));
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

const dev = readFileSync(join(root, "infra/settings/dev.ts"), "utf8");

function write(file: string, text: string): void {
  writeFileSync(join(project, file), text);
}

/** infra/main.ts as `init` writes it, with something more for the stacks. */
const mainWith = (extend: string) => `
import { ConfigurationError } from "${root}/infra";
import { runStacks } from "${root}/infra/run-stacks";
process.exitCode = runStacks({ env: process.env, packageVersion: "1.0.0", ${extend} });
void ConfigurationError;
`;

const run = (script: string, ...args: string[]): Promise<Result> =>
  runNode([jiti, join(root, script), ...args], { SCHEMAGATE_ENVIRONMENT: "dev" }, project);

function expectToldOnce({ exitCode, stdout, stderr }: Result, told: string): void {
  const printed = stdout + stderr;
  expect({ exitCode, printed }).toEqual({ exitCode: 2, printed: expect.stringContaining(told) });
  expect(printed.split(told)).toHaveLength(2);
  expect(printed).not.toMatch(/bug|was applied|^\s+at /m);
}

const kinds: [what: string, settings: string, told: string][] = [
  [
    "has a value that no Container App takes",
    dev.replace("cpu: 0.5", "cpu: 0.3"),
    "app.cpu (0.3): the Consumption profile",
  ],
  ["has a setting that there is not", dev.replace("workers: 2", "worker: 2"), "app.worker: there is no such setting"],
  ["lacks a comma", dev.replace("production: false,", "production: false"), 'Unexpected token, expected ","'],
  [
    "throws",
    `${dev}\nthrow new Error("no region today");`,
    "(cannot be loaded): no region today, at infra/settings/dev.ts:",
  ],
  ["throws what is no error", "throw undefined;", "(cannot be loaded): it threw undefined"],
  ["uses what is not defined", "export default regions.west;", "(cannot be loaded): regions is not defined"],
  [
    "imports what is not there",
    'import common from "./common";\nexport default common;',
    "Cannot find module './common'. Mend",
  ],
  ["exports nothing", dev.replace("export default settings;", ""), "its default export (missing) must be the settings"],
  ["is empty", "", "its default export (missing) must be the settings"],
  [
    "exports the settings by name only",
    dev.replace("export default settings;", "").replace("const settings", "export const settings"),
    "its default export (missing) must be the settings",
  ],
  ["exports a function", "export default () => ({});", "its default export (function) must be the settings"],
  ["exports a promise", "export default Promise.resolve({});", "its default export (a promise) must be the settings"],
];

it.each(kinds)("fails when the settings' file %s: the stacks' program ends with 2", async (_what, settings, told) => {
  write("infra/settings/dev.ts", settings);

  const result = await run("infra/main.ts");

  expectToldOnce(result, told);
  expect(result.stdout).toBe("");
});

const commands = ["synth", "diff", "deploy", "gate", "job", "settings", "state"];

it.each(commands)("fails when the settings cannot be used, before '%s' begins anything", async (command) => {
  write("infra/settings/dev.ts", dev.replace("cpu: 0.5", "cpu: 0.3"));
  expectToldOnce(await run("deploy/main.ts", command, "dev"), "app.cpu (0.3)");

  write("infra/settings/dev.ts", dev.replace("production: false,", "production: false"));
  expectToldOnce(await run("deploy/main.ts", command, "dev"), 'Unexpected token, expected ","');
});

it("fails in a local run as well", async () => {
  write("infra/settings/dev.ts", dev.replace("cpu: 0.5", "cpu: 0.3"));

  expectToldOnce(await run("local/main.ts", "--once"), "app.cpu (0.3)");
});

it.each([
  [
    "throws",
    'extend: () => { throw new TypeError("no vault"); }',
    "extend (of the stacks, in infra/main.ts): no vault, at infra/main.ts:",
  ],
  [
    "refuses a prop",
    "extend: () => { throw new ConfigurationError(\"shop/app: 'image' has no tag\"); }",
    "shop/app: 'image' has no tag",
  ],
  [
    "finds something missing at the end",
    'extend: ({ appStack }) => appStack.node.addValidation({ validate: () => ["no alert"] })',
    "no alert",
  ],
  ["is not done when the stacks are written", 'extend: async () => { throw new Error("late"); }', "returns a promise"],
])("fails when what extends the stacks %s", async (_what, extend, told) => {
  write("infra/settings/dev.ts", dev);
  write("infra/main.ts", mainWith(extend));

  expectToldOnce(await runNode([jiti, "infra/main.ts"], { SCHEMAGATE_ENVIRONMENT: "dev" }, project), told);
  expectToldOnce(await run("local/main.ts", "--once"), told);
});

it("fails when what extends the stacks throws, also behind the real cdktf", async () => {
  write("infra/settings/dev.ts", dev);
  write("infra/main.ts", mainWith('extend: () => { throw new TypeError("no vault"); }'));

  expectToldOnce(await run("deploy/main.ts", "synth", "dev"), "extend (of the stacks, in infra/main.ts): no vault");
});

it("fails in a local run when there are no settings of dev", async () => {
  write("infra/settings/qa.ts", dev.replace('environment: "dev"', 'environment: "qa"'));

  expectToldOnce(await run("local/main.ts", "--once"), "SCHEMAGATE_ENVIRONMENT (dev): unknown. Name one of: qa");
});

it("knows an error of either bundle", () => {
  const [one, other] = ["one", "other"].map(() => {
    jest.resetModules();
    return require("../../infra/errors").ConfigurationError;
  });
  expect(one).not.toBe(other);
  expect(new one("x")).toBeInstanceOf(other);
  expect(new Error("x")).not.toBeInstanceOf(other);
});
