import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { dirname, join } from "node:path";
import { Cluster } from "../../../migrator/embedded/cluster";
import { testBinaries } from "../../support/database";
import { jsonLines, makeDirectory, runBin, startMigrator, waitUntil, writeMigrations } from "../../support/migrator";

/** For all tests, one behind the other: to make a cluster takes longest. */
const dataDir = makeDirectory();

afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const files = { "1_a.sql": "-- migrate:up\nCREATE TABLE a (id integer);\n" };
const dir = writeMigrations(files);

function run(command: string) {
  return runBin([command, "--json", "--dir", dir, "--data-dir", dataDir]);
}

const users = () => (existsSync(join(dataDir, "users")) ? readdirSync(join(dataDir, "users")) : []);
const isRunning = () => existsSync(join(dataDir, "postgres", "postmaster.pid"));

test("without a database, an embedded one is made; processes that start at once share it, and the last one stops it", async () => {
  const results = await Promise.all([run("up"), run("up"), run("status"), run("up")]);

  expect(results.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual([0, 0, 0, 0]);
  expect(results.flatMap(({ stdout }) => jsonLines(stdout)).filter(({ event }) => event === "migrated")).toHaveLength(
    1,
  );
  expect(isRunning()).toBe(false);
});

test("it keeps its data between runs, is started and stopped", async () => {
  expect(jsonLines((await run("up")).stdout).at(-1)).toMatchObject({ event: "done", migrations: [] });
  expect(isRunning()).toBe(false);
});

test("a server left behind by a killed process is used and stopped by the next one", async () => {
  const slow = writeMigrations({ ...files, "2_slow.sql": "-- migrate:up\nSELECT pg_sleep(60);\n" });
  const { child, ended } = startMigrator(["up", "--json", "--dir", slow, "--data-dir", dataDir]);
  await waitUntil(async () => users().some((user) => user.startsWith(`${child.pid}.`)), "the start");
  child.kill("SIGKILL");
  await ended;
  expect(isRunning()).toBe(true);

  expect((await run("up")).code).toBe(0);
  expect(isRunning()).toBe(false);
});

describe("a data directory that cannot be used", () => {
  const runIn = (directory: string) => runBin(["up", "--no-json", "--dir", dir, "--data-dir", directory]);

  test.each<[string, (own: string) => string, string]>([
    ["is a file", (own) => writeIn(own, "file", ""), "EEXIST"],
    ["lies below a file", (own) => join(writeIn(own, "file", ""), "data"), "ENOTDIR"],
    ["lies where nobody may write", () => "/sys/schemagate", "EPERM|EACCES|EROFS|ENOENT"],
    [
      "holds a server's data that is not ours",
      (own) => dirname(writeIn(own, "postgres", "")),
      "no embedded PostgreSQL made",
    ],
    [
      "holds the data of another version",
      otherVersion,
      "its data is of PostgreSQL 9, and the one that is installed is",
    ],
  ])("fails when it %s: exit 2, and nothing in it is touched", async (_what, prepare, told) => {
    const own = makeDirectory();
    const directory = prepare(own);
    const before = readdirSync(own, { recursive: true }).sort();

    const { code, stderr } = await runIn(directory);

    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(told) });
    expect(stderr).toContain("[data-directory, exit 2]");
    expect(readdirSync(own, { recursive: true }).sort()).toEqual(before);
  });

  function writeIn(directory: string, name: string, text: string): string {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  }

  function otherVersion(directory: string): string {
    mkdirSync(join(directory, "postgres"));
    writeIn(directory, "password", "x");
    writeIn(join(directory, "postgres"), "PG_VERSION", "9\n");
    return directory;
  }
});

test("fails when its port is taken each time it asks for one", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const own = makeDirectory();
  const cluster = new Cluster(testBinaries(), own, [`port=${port}`]);

  await expect(cluster.start()).rejects.toMatchObject({ code: "embedded-postgres", exitCode: 7 });

  expect(readFileSync(join(own, "postgres.log"), "utf8").match(/Address already in use/g)).toHaveLength(3);
  await new Promise((resolve) => server.close(resolve));
  await cluster.start();
  await cluster.stop();
});
