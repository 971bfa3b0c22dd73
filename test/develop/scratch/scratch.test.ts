import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { holdDatabase, releaseDatabase } from "../../../develop/scratch/lock";
import { withScratch } from "../../../develop/scratch/scratch";
import { queryAt, serverUrl, useTestDatabase, withClient } from "../../support/database";
import { cleanEnvironment, waitUntil } from "../../support/migrator";
import { besideTarget, hasReaper, quietContext, scratchDatabases, waitForNone } from "../support/scratch";

const target = useTestDatabase();

/** Starts a process that holds scratch databases, and waits until it does. */
async function startHolder(
  label: string,
  what = "sleep",
): Promise<{ child: ChildProcess; ended: Promise<number | null>; output: () => string }> {
  const load = "require(process.argv[1]).createJiti(process.argv[2]).import(process.argv[2])";
  const program = [require.resolve("jiti"), join(__dirname, "../support/hold-scratch.ts")];
  const child = spawn(process.execPath, ["-e", load, ...program, target.url, label, what], {
    env: cleanEnvironment(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  await waitUntil(async () => output.includes("ready"), `the start of ${label}`);
  return { child, ended, output: () => output };
}

async function waitForReaper({ pid }: ChildProcess): Promise<void> {
  await waitUntil(async () => !hasReaper(pid), "the reaper's end");
}

test("databases are empty, can be copied with what is in them, and are dropped in the end", async () => {
  const found = await withScratch(besideTarget(target.url), quietContext(), async (scratch) => {
    const first = await scratch.create("First one!");
    await first.connect((client) => client.query("CREATE TABLE a AS SELECT 7 AS n"));
    const second = await scratch.copy(first, "second");
    expect(first.name).toMatch(/^schemagate_scratch_first_one_[0-9a-f]{12}$/);
    expect((await scratchDatabases("first_one", "second")).sort()).toEqual([first.name, second.name]);
    return second.connect(async (client) => (await client.query("SELECT n, current_database() AS name FROM a")).rows);
  });

  expect(found).toEqual([{ n: 7, name: expect.stringMatching(/^schemagate_scratch_second_/) }]);
  expect(await scratchDatabases("first_one", "second")).toEqual([]);
});

test("one can be dropped before the end, and dropping it again is no error", async () => {
  await withScratch(besideTarget(target.url), quietContext(), async (scratch) => {
    const early = await scratch.create("early");
    await early.drop();
    expect(await scratchDatabases("early")).toEqual([]);
    await early.drop();
  });
});

test("a connection is kept for what comes again, until the database is copied or dropped or something fails", async () => {
  await withScratch(besideTarget(target.url), quietContext(), async (scratch) => {
    const first = await scratch.create("kept");
    const pid = () => first.use(async (client) => (await client.query("SELECT pg_backend_pid() AS pid")).rows[0].pid);
    const before = await pid();
    expect(await pid()).toBe(before);

    await scratch.copy(first, "kept");
    const after = await pid();
    expect(after).not.toBe(before);

    const failing = first.use((client) => client.query("BEGIN; CREATE TABLE a (); SELECT nonsense"));
    await expect(failing).rejects.toThrow('column "nonsense" does not exist');
    expect(await pid()).not.toBe(after);
  });
  expect(await scratchDatabases("kept")).toEqual([]);
});

test("an interrupt cancels what runs on a kept connection", async () => {
  const controller = new AbortController();
  const running = withScratch(besideTarget(target.url), quietContext(controller.signal), async (scratch) => {
    const { name, use } = await scratch.create("interrupted");
    const sleeping = use((client) => client.query("SELECT pg_sleep(600)"));
    sleeping.catch(() => undefined);
    await waitUntil(async () => {
      const sql = "SELECT FROM pg_stat_activity WHERE datname = $1 AND query ~ 'pg_sleep'";
      return (await queryAt(serverUrl(), sql, [name])).length > 0;
    }, "the statement's start");
    controller.abort(new Error("interrupted"));
    await sleeping;
  });

  await expect(running).rejects.toThrow("canceling statement due to user request");
  expect(await scratchDatabases("interrupted")).toEqual([]);
});

test("they are dropped when the body fails, with its error, even while somebody is connected", async () => {
  const failing = withScratch(besideTarget(target.url), quietContext(), async (scratch) => {
    const { connect } = await scratch.create("failing");
    return connect(() => Promise.reject(new Error("out of luck")));
  });

  await expect(failing).rejects.toThrow("out of luck");
  expect(await scratchDatabases("failing")).toEqual([]);
});

test("SIGTERM cancels the statement under way, and nothing is left", async () => {
  const { child, ended, output } = await startHolder("termed");
  expect(await scratchDatabases("termed")).toHaveLength(2);
  child.kill("SIGTERM");

  expect(await ended).toBe(1);
  expect(output()).toContain("canceling statement");
  expect(await scratchDatabases("termed")).toEqual([]);
  await waitForReaper(child);
});

test("SIGKILL leaves nothing either: a process that outlives the run drops them and ends", async () => {
  const { child, ended } = await startHolder("killed");
  expect(hasReaper(child.pid)).toBe(true);
  child.kill("SIGKILL");
  await ended;

  await waitForNone("killed");
  await waitForReaper(child);
});

test("SIGKILL while databases are being made leaves nothing, not even the one under way", async () => {
  const { child, ended } = await startHolder("making", "make");
  await waitUntil(async () => (await scratchDatabases("making")).length > 3, "some databases");
  child.kill("SIGKILL");
  await ended;

  await waitForReaper(child);
  expect(await scratchDatabases("making")).toEqual([]);
});

test("what a run without a reaper left behind is dropped by the next run, and what somebody holds or uses is not", async () => {
  const full = (name: string) => `schemagate_scratch_left_${name}_0`;
  const used = new URL(serverUrl());
  used.pathname = `/${full("used")}`;

  await withClient(serverUrl(), async (holder) => {
    // Held while they are made: other tests' runs sweep, too.
    for (const name of ["held", "used", "dead"]) {
      await holdDatabase(holder, full(name), 1_000);
      await holder.query(`CREATE DATABASE ${full(name)}`);
    }
    await withClient(used.href, async () => {
      await releaseDatabase(holder, full("used"));
      await releaseDatabase(holder, full("dead"));
      await withScratch(besideTarget(target.url), quietContext(), async () => undefined);
      expect((await scratchDatabases("left")).sort()).toEqual([full("held"), full("used")]);
    });
  });
  await withScratch(besideTarget(target.url), quietContext(), async () => undefined);
  expect(await scratchDatabases("left")).toEqual([]);
});

test("ten runs at once do not disturb each other", async () => {
  const runs = Array.from({ length: 10 }, (_, n) =>
    withScratch(besideTarget(target.url), quietContext(), async (scratch) => {
      const database = await scratch.create("herd");
      await database.connect((client) => client.query(`CREATE TABLE a AS SELECT ${n} AS n`));
      const copy = await scratch.copy(database, "herd");
      return copy.connect(async (client) => (await client.query("SELECT n FROM a")).rows[0].n);
    }),
  );

  expect(await Promise.all(runs)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(await scratchDatabases("herd")).toEqual([]);
});

test("fails when the role may not make databases, and names it", async () => {
  const role = `nocreate_${target.name}`;
  await queryAt(serverUrl(), `CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
  const url = new URL(target.url);
  Object.assign(url, { username: role, password: "secret" });
  try {
    const run = withScratch(besideTarget(url.href), quietContext(), (scratch) => scratch.create("denied"));
    await expect(run).rejects.toMatchObject({
      code: "no-createdb",
      exitCode: 2,
      message: expect.stringContaining(`role "${role}" may not make a scratch database`),
      hint: expect.stringMatching(/--scratch-url.*ALTER ROLE "\w+" CREATEDB/),
    });
  } finally {
    await queryAt(serverUrl(), `DROP ROLE ${role}`);
  }
});

test("a target that does not exist yet is no hindrance: its server has another database to start from", async () => {
  const url = new URL(target.url);
  url.pathname = "/does_not_exist";

  await withScratch(besideTarget(url.href), quietContext(), async (scratch) => {
    expect((await scratch.create("without_target")).config.host).toBe(url.hostname);
  });
});

test("--scratch-url names another server, and the target's is not even asked", async () => {
  const options = besideTarget("postgres://nobody@127.0.0.1:1/nothing", { scratchUrl: target.url });

  await withScratch(options, quietContext(), async (scratch) => {
    const database = await scratch.create("elsewhere");
    expect(database).toMatchObject({ ownServer: true, config: { port: Number(new URL(target.url).port) } });
  });
});

test("fails when the server of the scratch databases is not there", async () => {
  const run = withScratch(
    besideTarget("postgres://nobody@127.0.0.1:1/nothing", { connectTimeout: 0 }),
    quietContext(),
    async () => undefined,
  );

  await expect(run).rejects.toMatchObject({ code: "unreachable", exitCode: 7 });
});
