import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { cleanEnvironment, type Ended, jiti, makeDirectory, root, start, writeMigrations } from "../support/migrator";

let database: TestDatabase;
let dataDir: string;

beforeEach(async () => {
  database = await createTestDatabase();
  dataDir = makeDirectory();
});

afterEach(async () => {
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

const goodSet = join(root, "migrator/migrations");

/** `npm run local` without its build, which global setup did. */
function startLocal(args: readonly string[], env: NodeJS.ProcessEnv) {
  const command = [jiti, join(root, "local/main.ts"), "--port", "0", "--data-dir", dataDir, ...args];
  return start(process.execPath, command, cleanEnvironment(env));
}

function playOnce(...args: string[]): Promise<Ended> {
  return startLocal(["--once", ...args], { DATABASE_URL: database.url }).ended;
}

function withBrokenMigration(): string {
  const files = readdirSync(goodSet).map((file) => [file, readFileSync(join(goodSet, file))] as const);
  return writeMigrations({
    ...Object.fromEntries(files),
    "20991231000000_broken.sql": "-- migrate:up\nCREATE TABLE half (id integer);\nSELECT nonsense;\n",
  });
}

test("a good set opens the gate: the migrator runs, then the app, which serves until it is stopped; no password is printed", async () => {
  const { child, ended } = startLocal([], { DATABASE_URL: database.url });
  let printed = "";
  await new Promise<void>((resolve) => {
    child.stdout?.on("data", (chunk) => {
      printed += chunk;
      if (printed.includes("Stop with Ctrl-C")) resolve();
    });
    child.once("close", () => resolve());
  });
  const [url = ""] = /http:\/\/127\.0\.0\.1:\d+(?= )/.exec(printed.slice(printed.indexOf("app ready at"))) ?? [];
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);

  child.kill("SIGINT");

  const { code, stdout, stderr } = await ended;
  expect(code).toBe(0);
  await expect(fetch(url)).rejects.toThrow();
  const story = [
    "stacks synthesized for dev",
    'init container "migrate" started: node dist/cli.js up',
    `${readdirSync(goodSet).length} migrations applied in`,
    "gate open",
    'container "app" started: node dist/app.js',
    "app ready at http://127.0.0.1:",
  ];
  const positions = story.map((line) => stdout.indexOf(line));
  expect(positions).not.toContain(-1);
  expect(positions).toEqual([...positions].sort((a, b) => a - b));
  expect(stdout + stderr).not.toContain(new URL(database.url).password);
});

test("a failing migration holds the gate: the app is never started, the story says why, the exit code is the migrator's", async () => {
  const { code, stdout } = await playOnce("--dir", withBrokenMigration());

  expect(code).toBe(6);
  expect(stdout).toContain(
    'migration 20991231000000_broken failed and was rolled back: column "nonsense" does not exist',
  );
  expect(stdout).toContain('init container "migrate" exited with code 6: the gate holds');
  expect(stdout).not.toContain('container "app" started');
  expect(await database.query("SELECT to_regclass('half') AS found")).toEqual([{ found: null }]);
});

test("code that ends the process with 0 holds the gate, and the story names it", async () => {
  const dir = writeMigrations({
    "1_good.sql": "-- migrate:up\nCREATE TABLE a (id integer);\n",
    "2_exit.ts": "export async function up() { process.exit(0); }\n",
    "3_after.sql": "-- migrate:up\nCREATE TABLE b (id integer);\n",
  });

  const { code, stdout } = await playOnce("--dir", dir);

  expect(code).toBe(6);
  expect(stdout).toContain("migration 2_exit failed and was rolled back: it called process.exit(0)");
  expect(stdout).toContain('init container "migrate" exited with code 6: the gate holds');
  expect(stdout).not.toContain("gate open");
});

test("with no database named, the embedded PostgreSQL is used and stopped at the end", async () => {
  const { code, stdout } = await startLocal(["--once"], {}).ended;

  expect(code).toBe(0);
  expect(stdout).toContain(`database: embedded PostgreSQL in ${dataDir}`);
  expect(readdirSync(join(dataDir, "postgres"))).not.toContain("postmaster.pid");
});

test("--print shows the Pod that a container engine would play, without the database's password", async () => {
  const { code, stdout } = await startLocal(["--runtime", "podman", "--print"], { DATABASE_URL: database.url }).ended;

  expect(code).toBe(0);
  expect(stdout).not.toContain(new URL(database.url).password);
  const { kind, spec } = parse(stdout);
  expect(kind).toBe("Pod");
  expect(spec.initContainers).toEqual([
    expect.objectContaining({
      name: "migrate",
      command: ["node", "dist/cli.js", "up"],
      resources: { limits: { cpu: "250m", memory: "512Mi" } },
      env: expect.arrayContaining([
        { name: "DATABASE_URL", value: expect.stringMatching(/^postgres:\/\/postgres:\*\*\*@127\.0\.0\.1:/) },
      ]),
    }),
  ]);
  expect(spec.containers.map(({ name, command }: { name: string; command: string[] }) => [name, ...command])).toEqual([
    ["app", "node", "dist/app.js"],
  ]);
});

test.each([
  ["podman", "macOS, Windows: `podman machine start`"],
  ["docker", "Start Docker"],
])("fails when there is no %s, and says what to do", async (runtime, hint) => {
  const env = { DATABASE_URL: database.url, PATH: makeDirectory() };
  const { code, stderr } = await startLocal(["--once", "--runtime", runtime], env).ended;

  expect(code).toBe(2);
  expect(stderr).toContain(`${runtime} cannot run containers here: spawn ${runtime} ENOENT`);
  expect(stderr).toContain(hint);
});

test.each([
  [["--image", "shop:1"], "--image (shop:1) is for containers, and --runtime is process"],
  [["--print"], "--print is for containers, and --runtime is process"],
  [["--runtime", "docker", "--dir", "x"], "--dir (x) is for processes, and --runtime is docker"],
])("fails when %s cannot be meant", async (args, message) => {
  const { code, stderr } = await startLocal(args, { DATABASE_URL: database.url }).ended;

  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
});
