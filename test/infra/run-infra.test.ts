import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listEnvironments } from "../../infra/environments";
import { jiti } from "../support/migrator";
import { projectDirectory, runNode } from "./support/run-script";

let directory: string;
let project: string;
let outdir: string;
/** Sources as they were before a test changed them. */
const originals = new Map<string, string>();

/** A project of its own, with the packages of this one and nothing kept. What one test keeps is the next one's to find. */
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "schemagate-run-infra-"));
  project = join(directory, "project");
  outdir = join(directory, "out");
  for (const copied of ["infra", "scripts", "package.json", "tsconfig.json"]) {
    cpSync(join(projectDirectory, copied), join(project, copied), { recursive: true });
  }
  const modules = join(projectDirectory, "node_modules");
  mkdirSync(join(project, "node_modules"));
  for (const entry of readdirSync(modules).filter((entry) => entry !== ".cache")) {
    symlinkSync(join(modules, entry), join(project, "node_modules", entry));
  }
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

beforeEach(() => rmSync(outdir, { recursive: true, force: true }));
afterEach(() => {
  for (const [path, text] of originals) writeFileSync(path, text);
  originals.clear();
});

const variables = (environment: string) => ({ SCHEMAGATE_ENVIRONMENT: environment, CDKTF_OUTDIR: outdir });

const run = (environment = "dev") =>
  runNode([join(project, "scripts", "run-infra.cjs")], variables(environment), project);

const runByJiti = (environment = "dev") =>
  runNode([jiti, join(project, "infra", "main.ts")], variables(environment), project);

const record = () => join(project, "node_modules", ".cache", "schemagate-infra", "program.json");
const readRecord = () => (existsSync(record()) ? readFileSync(record(), "utf8") : undefined);

/** What was changed a moment ago is not kept yet: whether it changes further cannot be told by its time. */
async function runUntilKept(before?: string): Promise<string> {
  for (;;) {
    expect(await run()).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    const kept = readRecord();
    if (kept !== undefined && kept !== before) return kept;
  }
}

function readOutput(): Record<string, string> {
  const files = readdirSync(outdir, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json"));
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(join(outdir, file), "utf8")]));
}

/** Changes a source until the end of the test. */
function change(file: string, changed: (text: string) => string): void {
  const path = join(project, file);
  const text = readFileSync(path, "utf8");
  expect(changed(text)).not.toBe(text);
  if (!originals.has(path)) originals.set(path, text);
  writeFileSync(path, changed(text));
}

const edit = (file: string, from: string, to: string) => change(file, (text) => text.replace(from, to));
const spoil = (file: string) => change(file, (text) => `${text}\nfunction (`);

it("writes what jiti and infra/main.ts write, to the byte, made anew and kept", async () => {
  expect(await run()).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  const anew = readOutput();
  await runUntilKept();
  for (const environment of listEnvironments()) {
    rmSync(outdir, { recursive: true, force: true });
    expect((await runByJiti(environment)).exitCode).toBe(0);
    const expected = readOutput();
    expect(Object.keys(expected)).toHaveLength(4);
    if (environment === "dev") expect(anew).toEqual(expected);
    rmSync(outdir, { recursive: true, force: true });
    expect(await run(environment)).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(readOutput()).toEqual(expected);
  }
});

it("reads settings as they are, also of an environment that is new, without making the program anew", async () => {
  const kept = await runUntilKept();
  edit("infra/settings/dev.ts", 'location: "westeurope"', 'location: "northeurope"');
  await run();
  expect(readOutput()["stacks/platform/cdk.tf.json"]).toContain('"northeurope"');
  const added = join(project, "infra/settings/qa.ts");
  const dev = readFileSync(join(project, "infra/settings/dev.ts"), "utf8");
  writeFileSync(added, dev.replace('environment: "dev"', 'environment: "qa"'));
  expect((await run("qa")).exitCode).toBe(0);
  rmSync(added);
  expect(readOutput()["stacks/app/cdk.tf.json"]).toContain('"ca-schemagate-qa"');
  expect(readRecord()).toBe(kept);
});

it("sees packages that were installed, and keeps the program when they are the same", async () => {
  const kept = await runUntilKept();
  const lockfile = join(project, "node_modules", ".package-lock.json");
  rmSync(lockfile);
  cpSync(join(projectDirectory, "node_modules", ".package-lock.json"), lockfile);
  await runUntilKept(kept);
});

it("sees a source that changed", async () => {
  const kept = await runUntilKept();
  edit("infra/naming.ts", "`ca-${", "`cx-${");
  await run();
  expect(readOutput()["stacks/app/cdk.tf.json"]).toContain('"cx-schemagate-dev"');
  await runUntilKept(kept);
  expect(readOutput()["stacks/app/cdk.tf.json"]).toContain('"cx-schemagate-dev"');
});

it.each([
  ["a source cannot be read", () => spoil("infra/compose.ts")],
  ["a source is wrong", () => edit("infra/compose.ts", "  requireOneImage(options);", "  new Array(-1);")],
])("fails as jiti does when %s, with the names and lines of the sources", async (_, breakIt) => {
  breakIt();
  const expected = await runByJiti();
  expect(expected.exitCode).toBe(1);
  expect(expected.stderr).toMatch(/infra[\\/].*\.ts:\d+/);
  expect(await run()).toEqual(expected);
});

it("fails with exit 2, as jiti does, when settings cannot be read", async () => {
  spoil("infra/settings/dev.ts");
  const expected = await runByJiti();
  expect(expected).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/infra[\\/]settings[\\/]dev\.ts:\d+/) });
  expect(await run()).toEqual(expected);
});

it("fails with exit 2 and the problems when settings are wrong", async () => {
  edit("infra/settings/dev.ts", 'registrySku: "Basic"', 'registrySku: "Huge"');
  const { exitCode, stderr } = await run();
  expect(exitCode).toBe(2);
  expect(stderr).toContain("registrySku");
  expect(stderr).not.toMatch(/^\s+at /m);
});

it("goes without a kept program where none can be written", async () => {
  const cache = join(project, "node_modules", ".cache");
  rmSync(cache, { recursive: true });
  writeFileSync(cache, "");
  expect(await run()).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  expect(Object.keys(readOutput())).toHaveLength(4);
});

it("is what the cdktf command line runs", () => {
  const { app }: { app: string } = JSON.parse(readFileSync(join(projectDirectory, "cdktf.json"), "utf8"));
  expect(app).toBe("node scripts/run-infra.cjs");
});
