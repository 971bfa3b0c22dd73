import { basename, join } from "node:path";
import { useTestDatabase } from "../support/database";
import { cleanEnvironment, type Ended, makeDirectory, root, start, waitUntil } from "../support/migrator";
import { dockerPath } from "./support/docker";
import { goodImage, imageWith } from "./support/images";
import { containerEnvironment, engineName, runEngine } from "./support/runtime";

const database = useTestDatabase();

/** `npm run local` without its build. */
function startLocal(runtime: string, args: readonly string[]) {
  const jiti = join(root, "node_modules/jiti/lib/jiti-cli.mjs");
  const command = [jiti, join(root, "local/main.ts"), "--runtime", runtime, "--port", "0", ...args];
  const env = { ...containerEnvironment(), DATABASE_URL: database.url, PATH: dockerPath() };
  return start(process.execPath, [...command, "--data-dir", makeDirectory()], cleanEnvironment(env));
}

const runtimes = engineName() === "docker" ? ["docker"] : ["podman", "docker"];

/** Containers that a run left behind. */
const leftBehind = () => runEngine("ps", "--all", "--format", "{{.Names}}", "--filter", "name=schemagate-");

describe.each(runtimes)("npm run local -- --runtime %s", (runtime) => {
  const play = (...args: string[]): Promise<Ended> => startLocal(runtime, args).ended;

  it("plays the synthesized stack: the migrator first, then the app, until it is ready", async () => {
    const { code, stdout } = await play("--once", "--image", goodImage);

    expect(code).toBe(0);
    const story = [
      "stacks synthesized for dev",
      'init container "migrate" started: node dist/cli.js up',
      "4 migrations applied in",
      "gate open",
      'container "app" started: node dist/app.js',
      "app ready at http://127.0.0.1:",
    ];
    const positions = story.map((line) => stdout.indexOf(line));
    expect(positions).not.toContain(-1);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(stdout).not.toContain(new URL(database.url).password);
    expect(leftBehind()).toBe("");
  });

  it("holds the gate when a migration fails: the app is never started, the exit code is the migrator's", async () => {
    const broken = imageWith("broken-locally", { "20991231000000_broken.sql": "-- migrate:up\nSELECT nonsense;\n" });

    const { code, stdout } = await play("--once", "--image", broken);

    expect(code).toBe(6);
    expect(stdout).toContain('column "nonsense" does not exist');
    expect(stdout).toContain('init container "migrate" exited with code 6: the gate holds');
    expect(stdout).not.toContain('container "app" started');
    expect(leftBehind()).toBe("");
  });
});

test("fails when there is no such image, and says so", async () => {
  const { code, stderr } = await startLocal(runtimes[0] ?? "", ["--once", "--image", "localhost:1/absent:1"]).ended;

  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("does not play the Pod: ") });
  expect(stderr).toContain("see that the image exists");
  expect(leftBehind()).toBe("");
});

test("without an image it builds the Dockerfile, serves until it is stopped, and leaves nothing behind", async () => {
  const { child, ended } = startLocal(runtimes[0] ?? "", []);
  let stdout = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  await waitUntil(async () => stdout.includes("Stop with Ctrl-C"), "readiness");
  const [url = ""] = /http:\/\/127\.0\.0\.1:\d+(?= )/.exec(stdout.slice(stdout.indexOf("app ready at"))) ?? [];
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);

  child.kill("SIGINT");

  expect((await ended).code).toBe(0);
  expect(stdout).toContain(`image localhost/${basename(root)}:dev built`);
  expect(leftBehind()).toBe("");
});

test("stopped in the middle of a migration, it stops the migrator and leaves nothing behind", async () => {
  const slow = imageWith("slow-locally", { "20991231000000_slow.sql": "-- migrate:up\nSELECT pg_sleep(60);\n" });
  const { child, ended } = startLocal(runtimes[0] ?? "", ["--image", slow]);
  const sleeping = "SELECT count(*)::int AS count FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = $1";
  const isSleeping = async () => (await database.query(sleeping, [database.name]))[0]?.count === 1;
  await waitUntil(isSleeping, "the slow migration");

  child.kill("SIGINT");

  expect((await ended).code).toBe(130);
  expect(await isSleeping()).toBe(false);
  expect(await database.query("SELECT name FROM schemagate.migrations WHERE name LIKE '2099%'")).toEqual([]);
  expect(leftBehind()).toBe("");
});
