import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { cleanEnvironment, type Ended, makeDirectory, root, start } from "../support/migrator";

// esbuild from nothing, several times.
let project: string;
let program: string;

/** Prints its arguments, and ends as they say. */
const source = `
  const [end, ...rest] = process.argv.slice(2);
  if (end === "exit") process.exitCode = Number(rest[0]);
  if (end === "handle") process.on("SIGTERM", () => process.exit(7));
  if (end === "wait" || end === "handle") setInterval(() => {}, 1000);
  console.log(JSON.stringify({ pid: process.pid, main: process.argv[1], isMain: require.main === module, rest }));
`;

/** A project of its own, with the packages of this one and nothing built. */
beforeAll(() => {
  project = join(makeDirectory(), "project");
  const parts = ["app", "develop", "infra", "migrator", "scripts", "templates"];
  for (const part of [...parts, ".github", "package.json", "tsconfig.json"]) {
    cpSync(join(root, part), join(project, part), { recursive: true });
  }
  const modules = join(root, "node_modules");
  mkdirSync(join(project, "node_modules"));
  for (const entry of readdirSync(modules).filter((name) => name !== ".cache")) {
    symlinkSync(join(modules, entry), join(project, "node_modules", entry));
  }
  program = join(makeDirectory(), "program.cjs");
  writeFileSync(program, source);
});

const run = (...args: string[]): Promise<Ended> => startBuilt(args).ended;

const startBuilt = (args: readonly string[]) =>
  start(process.execPath, ["scripts/run-built.cjs", ...args], cleanEnvironment(), { cwd: project });

/** Tells one build from another: each of them writes its record anew, or leaves none. */
function findBuild(): string | undefined {
  const record = join(project, "dist/build.json");
  if (!existsSync(record)) return undefined;
  const { ino, ctimeMs } = statSync(record);
  return `${ino} ${ctimeMs}`;
}

/** What was changed a moment ago is built once more: whether it changed further cannot be told by its time. */
async function runUntilKept(before?: string): Promise<string> {
  for (;;) {
    expect(await run(program)).toMatchObject({ code: 0, stderr: "" });
    const build = findBuild();
    if (build !== undefined && build !== before) return build;
  }
}

const built = (file: string) => readFileSync(join(project, "dist", file), "utf8");

it("is how the npm scripts run what needs dist/", () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const jiti = "node_modules/jiti/lib/jiti-cli.mjs";
  expect(scripts.migrate).toBe("node scripts/run-built.cjs dist/cli.js");
  expect(scripts.local).toBe(`node scripts/run-built.cjs ${jiti} local/main.ts`);
  expect(JSON.parse(readFileSync(join(root, "node_modules/jiti/package.json"), "utf8")).bin.jiti).toBe(
    `./${jiti.slice("node_modules/jiti/".length)}`,
  );
});

it("builds when there is nothing, and not again while nothing changes", async () => {
  const first = await runUntilKept();
  for (let time = 0; time < 2; time++) {
    expect(await run(program)).toMatchObject({ code: 0, stderr: "" });
  }
  expect(findBuild()).toBe(first);
});

it("builds what changed, and two at once both run what is new", async () => {
  const before = await runUntilKept();
  appendFileSync(
    join(project, "migrator/cli/launch.ts"),
    '\nprocess.on("exit", () => console.log("changed launch"));\n',
  );
  appendFileSync(join(project, "migrator/cli/cli.ts"), '\nprocess.on("exit", () => console.log("changed start"));\n');
  const both = await Promise.all([run("dist/cli.js", "--version"), run("dist/cli.js", "--version")]);
  for (const one of both) {
    expect(one).toMatchObject({ code: 0, stderr: "" });
    expect(one.stdout).toContain("changed launch\nchanged start\n");
  }
  await runUntilKept(before);
});

it("builds again what is gone, what another build made, and what a changed build makes otherwise", async () => {
  const kept = await runUntilKept();
  const names = readdirSync(join(project, "dist/chunks"));
  rmSync(join(project, "dist/chunks/start.js"));
  writeFileSync(join(project, "templates/common/new-template"), "{{name}}\n");
  const common = join(project, "scripts/build/common.mjs");
  writeFileSync(
    common,
    readFileSync(common, "utf8").replace('target: "node20"', 'target: "node20", banner: { js: "// other" }'),
  );
  await runUntilKept(kept);
  expect(readdirSync(join(project, "dist/chunks"))).toEqual(names);
  expect(built("templates/common/new-template")).toBe("{{name}}\n");
  expect(built("chunks/start.js")).toMatch(/^\/\/ other/m);
});

it("runs the program in its own process: arguments, input, exit code and signals are the program's", async () => {
  await runUntilKept();
  const { child, ended } = startBuilt([program, "exit", "5", "--flag", "a b", ""]);
  const { code, stdout } = await ended;
  expect(code).toBe(5);
  expect(JSON.parse(stdout)).toEqual({ pid: child.pid, main: program, isMain: true, rest: ["5", "--flag", "a b", ""] });

  expect(await endOf("wait")).toEqual([null, "SIGTERM"]);
  expect(await endOf("handle")).toEqual([7, null]);
  expect(await run("dist/cli.js", "nonsense")).toMatchObject({ code: 2, stderr: expect.stringContaining("nonsense") });
});

it("runs nothing when the sources cannot be built, and leaves what was built", async () => {
  const kept = await runUntilKept();
  const before = built("chunks/start.js");
  appendFileSync(join(project, "migrator/cli/cli.ts"), "\nfunction (");
  const { code, stdout, stderr } = await run(program);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("migrator/cli/cli.ts");
  expect({ build: findBuild(), start: built("chunks/start.js") }).toEqual({ build: kept, start: before });
});

/** @returns exit code and signal with which the program ends, told to by a signal */
async function endOf(way: string): Promise<[number | null, NodeJS.Signals | null]> {
  const { child } = startBuilt([program, way]);
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.once("exit", (code, signal) => resolve([code, signal]));
  });
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  child.kill("SIGTERM");
  return ended;
}
