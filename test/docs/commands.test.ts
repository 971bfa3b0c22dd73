import { cpSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { cleanEnvironment, type Ended, makeDirectory, root } from "../support/migrator";
import { initIn, install, keepPostgresRunning, link, type Project, projectIn } from "../support/scaffold";
import { serveTarball, type TarballServer } from "../support/tarball-server";
import { useWarmProcess } from "../support/warm-process";
import { commandsOf, type Fence, listPages, readFences } from "./support";

// Every command of every page: run here in a project that `init` made, or marked with what it needs, and then accepted as
// far as it goes without that (test/deploy), run in containers (test/e2e) or with CDK Terrain (test/cdktn).

/** What commands may need that is not here. */
const elsewhere = ["azure", "signed-in", "docker", "cdktn", "repository"];

const migrator = useWarmProcess(join(__dirname, "warm-migrator.ts"));

let server: TarballServer;
/** Made by the tutorial's first commands; every other page begins with a copy of what is there then. */
const home = projectIn(makeDirectory());
const tutorial = projectIn(join(home.dir, "shop"));
const template = projectIn(makeDirectory());
let database: TestDatabase;

beforeAll(async () => {
  server = await serveTarball();
  expect(await follow(readFences("tutorial.md").slice(0, 1))).toEqual([]);
  copyProject(tutorial, template);
});

afterAll(() => server.close());

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(() => database.drop());

/** Copies a project but its packages, which are linked. */
function copyProject(from: Project, to: Project): void {
  for (const name of readdirSync(from.dir)) {
    if (name === "node_modules") symlinkSync(realpathSync(join(from.dir, name)), join(to.dir, name));
    else cpSync(join(from.dir, name), join(to.dir, name), { recursive: true });
  }
}

/** A project as `init` made it, installed, with its own database and history. */
function copyOfProject(): Project {
  const project = projectIn(join(makeDirectory(), "shop"));
  copyProject(template, project);
  return project;
}

interface Outcome {
  readonly command: string;
  readonly code: number | null;
  readonly output: string;
}

/** Writes the files of blocks and runs their commands, in the order in which they stand there. */
async function tell(
  fences: readonly Fence[],
  project: Project,
  run: (command: string) => Promise<Ended>,
  compare?: (shown: string, printed: string) => void,
): Promise<Outcome[]> {
  const failed: Outcome[] = [];
  let printed = "";
  for (const fence of fences) {
    if (fence.info.includes("/")) project.write(fence.info, fence.text);
    if (fence.language === "text") compare?.(fence.text, printed);
    const expected = exitOf(fence);
    for (const command of expected === undefined ? [] : commandsOf(fence)) {
      const { code, stdout, stderr } = await run(command);
      printed = stdout;
      if (code !== expected) failed.push({ command, code, output: stdout + stderr });
    }
  }
  return failed;
}

/** What a block's commands have to end with; undefined when they are not for here. */
function exitOf({ language, info }: Fence): number | undefined {
  if (language !== "sh" || elsewhere.includes(info)) return undefined;
  return Number(/^exits (\d+)$/.exec(info)?.[1] ?? 0);
}

/** What a page takes for granted. */
const situations: Readonly<Record<string, (project: Project) => Promise<unknown>>> = {
  "existing-api.md": (project) => project.run("rm -rf infra cdktf.json schema migrator/migrations"),
  "generate.md": (project) =>
    project.run(
      "npm run --silent migrate -- up && printf 'CREATE TABLE invoices (id bigint PRIMARY KEY);' > schema/invoices.sql",
      { DATABASE_URL: database.url },
    ),
  "lint.md": async (project) => {
    project.write(
      "migrator/migrations/20260102000000_create_invoices.sql",
      "-- migrate:up\nCREATE TABLE invoices (id bigint PRIMARY KEY);\n-- migrate:down\nDROP TABLE invoices;\n",
    );
    await project.run(
      "git init --quiet && git add . && git -c user.name=test -c user.email=test@shop.example commit --quiet -m all && git update-ref refs/remotes/origin/main HEAD",
    );
  },
  "models.md": async (project) => {
    for (const name of ["drizzle-kit", "drizzle-orm"]) link(template, name);
    project.write(
      "app/models.ts",
      `import { bigint, pgTable } from "drizzle-orm/pg-core";
export const invoices = pgTable("invoices", { id: bigint({ mode: "number" }).primaryKey() });
`,
    );
  },
  "other-languages.md": async (project) => {
    mkdirSync(join(project.dir, "examples"));
    cpSync(join(root, "examples/python-api"), join(project.dir, "examples/python-api"), { recursive: true });
  },
};

const pages = listPages().filter((page) => readFences(page).some((fence) => exitOf(fence) !== undefined));
const own = ["tutorial.md", "adopt.md"];

test.each(pages.filter((page) => !own.includes(page)))("%s: its commands do what they say", async (page) => {
  const project = copyOfProject();
  await situations[page]?.(project);
  const env = { SCHEMAGATE_JSON: "false", DATABASE_URL: database.url };
  expect(await tell(readFences(page), project, (command) => runOnPage(command, project, env))).toEqual([]);
});

/**
 * `npm run migrate` is the package's program, and half of its time are the starts of npm and the program: the tutorial and
 * the README have those. The other pages' run in one process.
 */
async function runOnPage(command: string, project: Project, variables: NodeJS.ProcessEnv): Promise<Ended> {
  const [, words] = /^npm run migrate -- (.*)$/.exec(command) ?? [];
  if (words === undefined) return project.run(command, variables);
  expect(JSON.parse(project.read("package.json")).scripts.migrate).toBe("schemagate");
  const args = [...words.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
  const { exitCode, stdout, stderr } = await migrator({ args, env: cleanEnvironment(variables), cwd: project.dir });
  return { code: exitCode, stdout, stderr };
}

test("there are pages with commands, and all kinds of blocks are known", () => {
  expect(pages.length).toBeGreaterThan(8);
  const unknown = listPages().flatMap((page) =>
    readFences(page)
      .filter(({ language, info }) => /^(sh|bash|console|shell)$/.test(language) && !isKnown(language, info))
      .map(({ language, info }) => ({ page, language, info })),
  );
  expect(unknown).toEqual([]);
});

function isKnown(language: string, info: string): boolean {
  return language === "sh" && (info === "" || elsewhere.includes(info) || /^exits \d+$/.test(info));
}

test("no command stands in a block that is not looked at", () => {
  const hidden = listPages().flatMap((page) => {
    const text = readFences(page).filter(({ language }) => language === "text" && page !== "cli.md");
    return text.filter((fence) => /^(\$ )?(npm run|npx|schemagate) /m.test(fence.text)).map(() => page);
  });
  expect(hidden).toEqual([]);
});

test("tutorial.md works from an empty directory to an open gate, and prints what it shows", async () => {
  const fences = readFences("tutorial.md");
  expect(await follow(fences.slice(1, 3))).toEqual([]);
  expect(await keepPostgresRunning(join(tutorial.dir, ".data"), () => follow(fences.slice(3)))).toEqual([]);
});

/** Does what blocks of the tutorial say, and compares what they show. */
function follow(fences: readonly Fence[]): Promise<Outcome[]> {
  return tell(fences, tutorial, runTutorial, (shown, printed) => expect(shape(printed)).toEqual(shape(shown)));
}

/** The package is not on npm in the version that is under test: its tarball is installed instead. */
async function runTutorial(command: string): Promise<Ended> {
  const nothing = { code: 0, stdout: "", stderr: "" };
  if (command === "cd shop") return nothing;
  if (command === "npm install") {
    await install(tutorial, server.url);
    return nothing;
  }
  const init = /^npx schemagate init (.*)$/.exec(command);
  return init ? initIn(home, init[1] ?? "") : tutorial.run(command, { SCHEMAGATE_JSON: "false" });
}

/** Names, counts and words stay; times and ports differ from run to run. */
function shape(output: string): string[] {
  return output
    .split("\n")
    .filter((line) => line !== "" && !/^(> |port \d+ is in use)|stopp/.test(line))
    .map((line) => line.replace(/\d+(\.\d+)? (ms|s)\b/g, "TIME").replace(/127\.0\.0\.1:\d+/g, "ADDRESS"));
}
