import {
  appendFileSync,
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
import { projectDirectory, runNode } from "./support/run-script";

// esbuild and jiti from nothing, several times.
jest.setTimeout(120_000);

const jiti = join(projectDirectory, "node_modules", "jiti", "lib", "jiti-cli.mjs");

let directory: string;
let project: string;
let outdir: string;

/** A project of its own, with the packages of this one and nothing kept. */
beforeEach(() => {
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
afterEach(() => rmSync(directory, { recursive: true, force: true }));

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

function edit(file: string, from: string, to: string): void {
  const path = join(project, file);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
}

it("writes what jiti and infra/main.ts write, to the byte, made anew and kept", async () => {
  await runUntilKept();
  for (const environment of listEnvironments()) {
    rmSync(outdir, { recursive: true, force: true });
    expect((await runByJiti(environment)).exitCode).toBe(0);
    const expected = readOutput();
    expect(Object.keys(expected)).toHaveLength(4);
    for (let time = 0; time < 2; time++) {
      rmSync(outdir, { recursive: true, force: true });
      expect(await run(environment)).toEqual({ exitCode: 0, stdout: "", stderr: "" });
      expect(readOutput()).toEqual(expected);
    }
  }
});

it("sees a source that changed", async () => {
  const kept = await runUntilKept();
  edit("infra/naming.ts", "`ca-${", "`cx-${");
  await run();
  expect(readOutput()["stacks/app/cdk.tf.json"]).toContain('"cx-schemagate-dev"');
  await runUntilKept(kept);
  expect(readOutput()["stacks/app/cdk.tf.json"]).toContain('"cx-schemagate-dev"');
});

it("sees packages that were installed, and keeps the program when they are the same", async () => {
  const kept = await runUntilKept();
  await run();
  expect(readRecord()).toBe(kept);
  const lockfile = join(project, "node_modules", ".package-lock.json");
  rmSync(lockfile);
  cpSync(join(projectDirectory, "node_modules", ".package-lock.json"), lockfile);
  await runUntilKept(kept);
});

it("reads settings as they are, also of an environment that is new, without making the program anew", async () => {
  const kept = await runUntilKept();
  edit("infra/settings/dev.ts", 'location: "westeurope"', 'location: "northeurope"');
  await run();
  expect(readOutput()["stacks/platform/cdk.tf.json"]).toContain('"northeurope"');
  cpSync(join(project, "infra/settings/dev.ts"), join(project, "infra/settings/qa.ts"));
  edit("infra/settings/qa.ts", 'environment: "dev"', 'environment: "qa"');
  expect((await run("qa")).exitCode).toBe(0);
  expect(readOutput()["stacks/app/cdk.tf.json"]).toContain('"ca-schemagate-qa"');
  expect(readRecord()).toBe(kept);
});

it.each([
  ["a source cannot be read", () => appendFileSync(join(project, "infra", "compose.ts"), "\nfunction (")],
  ["a source is wrong", () => edit("infra/compose.ts", "  requireOneImage(options);", "  new Array(-1);")],
  ["settings cannot be read", () => appendFileSync(join(project, "infra", "settings", "dev.ts"), "\nfunction (")],
])("fails as jiti does when %s, with the names and lines of the sources", async (_, spoil) => {
  spoil();
  const expected = await runByJiti();
  expect(expected.exitCode).toBe(1);
  expect(expected.stderr).toMatch(/infra[\\/].*\.ts:\d+/);
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
  writeFileSync(join(project, "node_modules", ".cache"), "");
  expect(await run()).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  expect(Object.keys(readOutput())).toHaveLength(4);
});

it("is what the cdktf command line runs", () => {
  const { app }: { app: string } = JSON.parse(readFileSync(join(projectDirectory, "cdktf.json"), "utf8"));
  expect(app).toBe("node scripts/run-infra.cjs");
});
