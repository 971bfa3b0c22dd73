import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startProcess, stopProcess } from "../../local/processes/process";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { cleanEnvironment, makeDirectory, waitUntil, writeMigrations } from "../support/migrator";
import { projectWith, running, startLocal } from "./support";

// How a local run ends that does not come to its own end.

/** Named, so that none is started. */
const noDatabase = { DATABASE_URL: "postgres://nobody@127.0.0.1:1/nowhere" };
const idle = "setInterval(() => {}, 1000)";

describe("a migration under way", () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase();
  });

  afterEach(() => database.drop());

  test.each<[NodeJS.Signals, "the run alone" | "all of the terminal's processes", number]>([
    ["SIGINT", "the run alone", 130],
    ["SIGINT", "all of the terminal's processes", 130],
    ["SIGTERM", "the run alone", 143],
    ["SIGHUP", "all of the terminal's processes", 129],
  ])(
    "is rolled back when %s ends %s, and the run says that it was interrupted: exit %i",
    async (signal, whom, expected) => {
      const dir = writeMigrations({
        "1_slow.sql": "-- migrate:up\nCREATE TABLE half (id integer);\nSELECT pg_sleep(600);\n",
      });
      const { child, ended } = startLocal(["--port", "0", "--dir", dir], { DATABASE_URL: database.url });
      const isSlow =
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()";
      await waitUntil(async () => (await database.query(isSlow)).length > 0, "the migration");

      process.kill(whom === "the run alone" ? (child.pid ?? 0) : -(child.pid ?? 0), signal);

      const { code, stdout } = await ended;
      expect({ code, stdout }).toEqual({ code: expected, stdout: expect.stringContaining(`interrupted by ${signal}`) });
      expect(stdout).toContain('init container "migrate" was stopped');
      expect(stdout).not.toMatch(/gate holds|gate open|container "app" started/);
      expect(await database.query("SELECT to_regclass('half') AS found")).toEqual([{ found: null }]);
      expect(await database.query(isSlow)).toEqual([]);
    },
  );
});

test.each<[NodeJS.Signals, number]>([
  ["SIGINT", 130],
  ["SIGTERM", 143],
])("%s before the app is ready ends it and the run: exit %i", async (signal, expected) => {
  const project = projectWith(running(`console.log("pid " + process.pid + "."); ${idle}`));
  const { child, ended, printed } = startLocal(["--port", "0"], noDatabase, project);
  const pid = Number(await printed(/pid (\d+)\./));

  child.kill(signal);

  const { code, stdout } = await ended;
  expect({ code, stdout }).toEqual({ code: expected, stdout: expect.stringContaining(`interrupted by ${signal}`) });
  expect(stdout).not.toContain("did not become ready");
  expect(isAlive(pid)).toBe(false);
});

test.each<NodeJS.Signals>(["SIGINT", "SIGTERM", "SIGHUP"])(
  "%s while the embedded server starts leaves none behind",
  async (signal) => {
    const dataDir = makeDirectory();
    const { child, ended } = startLocal(["--port", "0", "--data-dir", dataDir], {}, projectWith(running(idle)));
    await waitUntil(async () => existsSync(join(dataDir, "postgres.new")), "the start");

    process.kill(-(child.pid ?? 0), signal);

    const { stdout, stderr } = await ended;
    expect(stderr).toBe("");
    expect(stdout).toContain(`interrupted by ${signal}`);
    expect(readdirSync(join(dataDir, "postgres"))).not.toContain("postmaster.pid");
    expect(readdirSync(join(dataDir, "users"))).toEqual([]);
  },
);

test("SIGINT while the stacks are written ends that", async () => {
  const project = projectWith(running(idle));
  writeFileSync(join(project, "synth.cjs"), `require("node:fs").writeFileSync("begun", ""); ${idle}`);
  const { child, ended } = startLocal([], noDatabase, project);
  await waitUntil(async () => existsSync(join(project, "begun")), "the stacks' program");

  child.kill("SIGINT");

  expect(await ended).toMatchObject({
    code: 130,
    stdout: expect.stringContaining("interrupted by SIGINT"),
    stderr: "",
  });
});

test("a second signal does not wait for what takes its time", async () => {
  const lines: string[] = [];
  const again = new AbortController();
  const obstinate = `process.on("SIGTERM", () => setTimeout(() => process.exit(7), 100)); console.log("begun"); ${idle}`;
  const started = startProcess(
    [process.execPath, "-e", obstinate],
    cleanEnvironment() as Record<string, string>,
    (line) => lines.push(line),
  );
  await waitUntil(async () => lines.includes("begun"), "the start");
  again.abort();

  expect(await stopProcess(started, again.signal)).toBe(137);
});

test("what a process left behind does not keep the run from ending", async () => {
  const lines: string[] = [];
  const leaves = `
    const options = { detached: true, stdio: "inherit" };
    const child = require("node:child_process").spawn(process.execPath, ["-e", "${idle}"], options);
    child.unref();
    console.log(child.pid);`;
  const command = [process.execPath, "-e", leaves];
  const { exited } = startProcess(command, cleanEnvironment() as Record<string, string>, (line) => lines.push(line));

  expect(await exited).toBe(0);
  expect(process.kill(Number(lines[0]), "SIGKILL")).toBe(true);
});

test("a reader who is gone ends the run and its containers: exit 141", async () => {
  const project = projectWith(
    running(idle),
    running(`require("node:fs").writeFileSync("pid", String(process.pid)); setInterval(() => console.log("line"), 20)`),
  );
  const { child, ended, printed } = startLocal(["--port", "0"], noDatabase, project);
  await printed(/line/);

  child.stdout?.destroy();

  const { code, stderr } = await ended;
  expect({ code, stderr }).toEqual({ code: 141, stderr: "" });
  expect(isAlive(Number(readFileSync(join(project, "pid"), "utf8")))).toBe(false);
});

test.each([
  [["--bogus"], "unknown option '--bogus'"],
  [["--onec"], "Did you mean --once?"],
  [["--port", "eighty"], "must be a number from 0 to 65535"],
  [["--port", "70000"], "must be a number from 0 to 65535"],
  [["--port", ""], "must be a number from 0 to 65535"],
  [["--port", "1e3"], "must be a number from 0 to 65535"],
  [["--port"], "argument missing"],
  [["--data-dir"], "argument missing"],
  [["--runtime", "lxc"], "Allowed choices are process, podman, docker"],
  [["prod"], "too many arguments"],
])("fails when the command line is %j: exit 2", async (args, told) => {
  const { code, stdout, stderr } = await startLocal(args, noDatabase).ended;

  expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: expect.stringContaining(told) });
});

test("--help is no error", async () => {
  expect(await startLocal(["--help"]).ended).toMatchObject({ code: 0, stderr: "" });
});

test.each([
  [2, "a container has no command of its own", projectWithApp({ image: "i:1" }), 'container "app": no command'],
  [
    1,
    "its program does not start",
    projectWithApp({ image: "i:1", command: ["not-there"] }),
    "not-there cannot be started",
  ],
  [2, "there is no Container App", () => withStack("{}"), "holds 0 Container Apps, one is expected"],
  [2, "what was written is no stack", () => withStack("{"), "cdk.tf.json cannot be read"],
  [2, "no stacks are written", () => withSynth(""), "cdk.tf.json cannot be read: ENOENT"],
  [2, "the stacks' program fails", () => withSynth("throw new Error('no vault')"), "Error: no vault"],
])("fails with %i when %s, and calls it no bug", async (expected, _what, prepare, told) => {
  const { code, stdout, stderr } = await startLocal(["--once", "--port", "0"], noDatabase, prepare()).ended;

  expect(code).toBe(expected);
  expect(stdout + stderr).toContain(told);
  expect(stdout + stderr).not.toMatch(/bug/);
});

test("fails when the data directory cannot be used: exit 2", async () => {
  const result = await startLocal(["--once", "--data-dir", "/dev/null/data"], {}, projectWith(running(idle))).ended;

  expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining("[data-directory, exit 2]") });
});

test("two at once on one data directory have a directory each for the stacks, and share the server", async () => {
  const dataDir = makeDirectory();
  const serving = running(
    `require("node:http").createServer((request, response) => response.end("app")).listen(process.env.PORT, process.env.HOST)`,
  );
  const project = projectWith(serving, running("console.log(process.env.DATABASE_URL.slice(-4))"));
  const args = ["--once", "--port", "0", "--data-dir", dataDir];

  const results = await Promise.all([1, 2, 3].map(() => startLocal(args, {}, project).ended));

  expect(results.map(({ code, stderr }) => ({ code, stderr }))).toEqual(Array(3).fill({ code: 0, stderr: "" }));
  const directories = readFileSync(join(project, "synthesized"), "utf8").trim().split("\n");
  expect(new Set(directories).size).toBe(3);
  expect(directories.filter(existsSync)).toEqual([]);
  expect(readdirSync(join(dataDir, "postgres"))).not.toContain("postmaster.pid");
});

function projectWithApp(app: object) {
  return () => projectWith(app);
}

function withStack(text: string): string {
  const project = projectWith(running(idle));
  writeFileSync(join(project, "stack.json"), text);
  return project;
}

function withSynth(text: string): string {
  const project = projectWith(running(idle));
  writeFileSync(join(project, "synth.cjs"), text);
  return project;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
