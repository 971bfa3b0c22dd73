import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { makeDirectory, root } from "../support/migrator";
import { initIn, install, link, type Project, projectIn } from "../support/scaffold";
import { serveTarball, type TarballServer } from "../support/tarball-server";
import { commandsOf, type Fence, listPages, readFences } from "./support";

// Every command of every page: run here in a project that `init` made, or marked with what it needs, and then accepted as
// far as it goes without that (deploy.test.ts), run in containers (test/e2e) or with CDK Terrain (test/cdktn).

jest.setTimeout(300_000);

/** What commands may need that is not here. */
const elsewhere = ["azure", "signed-in", "docker", "cdktn", "repository"];

let server: TarballServer;
let template: Project;
let database: TestDatabase;

beforeAll(async () => {
  server = await serveTarball();
  template = projectIn(join(makeDirectory(), "shop"));
  await initIn(template, "--yes --json");
  await install(template, server.url);
});

afterAll(() => server.close());

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(() => database.drop());

/** A project as `init` made it, installed, with its own database and history. */
async function copyOfProject(): Promise<Project> {
  const project = projectIn(join(makeDirectory(), "shop"));
  for (const name of readdirSync(template.dir)) {
    if (name === "node_modules") symlinkSync(join(template.dir, name), join(project.dir, name));
    else cpSync(join(template.dir, name), join(project.dir, name), { recursive: true });
  }
  return project;
}

interface Outcome {
  readonly command: string;
  readonly code: number | null;
  readonly output: string;
}

/** Writes the files of a page and runs its commands, in the order in which they stand there. */
async function tell(page: string, project: Project, env: NodeJS.ProcessEnv): Promise<Outcome[]> {
  const failed: Outcome[] = [];
  for (const fence of readFences(page)) {
    if (fence.info.includes("/")) project.write(fence.info, fence.text);
    const expected = exitOf(fence);
    if (expected === undefined) continue;
    for (const command of commandsOf(fence)) {
      const { code, stdout, stderr } = await project.run(command, { SCHEMAGATE_JSON: "false", ...env });
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
  const project = await copyOfProject();
  await situations[page]?.(project);
  expect(await tell(page, project, { DATABASE_URL: database.url })).toEqual([]);
});

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

describe("tutorial.md", () => {
  it("works from an empty directory to an open gate, and prints what it shows", async () => {
    const home = projectIn(makeDirectory());
    const project = projectIn(join(home.dir, "shop"));
    const failed: Outcome[] = [];
    const outputs: string[] = [];
    for (const fence of readFences("tutorial.md")) {
      if (fence.info.includes("/")) project.write(fence.info, fence.text);
      if (fence.language === "text") expect(shape(outputs.at(-1) ?? "")).toEqual(shape(fence.text));
      const expected = exitOf(fence);
      for (const command of expected === undefined ? [] : commandsOf(fence)) {
        const { code, stdout, stderr } = await runTutorial(command, home, project);
        outputs.push(stdout);
        if (code !== expected) failed.push({ command, code, output: stdout + stderr });
      }
    }
    expect(failed).toEqual([]);
  });

  /** The package is not on npm in the version that is under test: its tarball is installed instead. */
  async function runTutorial(command: string, home: Project, project: Project) {
    const nothing = { code: 0, stdout: "", stderr: "" };
    if (command === "cd shop") return nothing;
    if (command === "npm install") {
      await install(project, server.url);
      return nothing;
    }
    const init = /^npx schemagate init (.*)$/.exec(command);
    return init ? initIn(home, init[1] ?? "") : project.run(command, { SCHEMAGATE_JSON: "false" });
  }
});

/** Names, counts and words stay; times and ports differ from run to run. */
function shape(output: string): string[] {
  return output
    .split("\n")
    .filter((line) => line !== "" && !/^(> |port \d+ is in use)|stopp/.test(line))
    .map((line) => line.replace(/\d+(\.\d+)? (ms|s)\b/g, "TIME").replace(/127\.0\.0\.1:\d+/g, "ADDRESS"));
}
