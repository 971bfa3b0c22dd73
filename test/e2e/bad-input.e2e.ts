import { useTestDatabase } from "../support/database";
import { imageAfter } from "./support/image-variant";
import { goodImage, imageWith } from "./support/images";
import { type ReleaseOptions, removeReplicas, startReadyReplica, startReplica } from "./support/pods";
import { engine } from "./support/runtime";

afterEach(removeReplicas);
const database = useTestDatabase();

/** Runs a command of the image to its end, outside any Pod and with no network. */
function runImage(image: string, command: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  // By name only: values on a command line are for everyone on the machine to see.
  const env = Object.keys(variables).flatMap((name) => ["--env", name]);
  return engine().tryRun(["run", "--rm", "--network=none", ...env, image, ...command], "", variables);
}

/** Schemas and relations that are not PostgreSQL's own. */
const objects = () =>
  database.query(`
    SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')
    UNION ALL SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace`);

/** Starts a replica whose gate must hold. @returns the line that says why; the app is never started. */
async function failureOf(options: Partial<ReleaseOptions>): Promise<Record<string, unknown> | undefined> {
  const replica = await startReplica({ image: goodImage, url: database.url, ...options });
  const exitCode = await replica.migrated;
  const failures = (await replica.migratorLines()).filter(({ event }) => event === "failed");
  expect(failures).toEqual([expect.objectContaining({ exitCode })]);
  expect((await replica.state("app")).status).toBe("created");
  return failures[0];
}

describe("settings", () => {
  const badOnes = {
    SCHEMAGATE_LOCK_WAIT: "soon",
    SCHEMAGATE_RETRIES: "-1",
    SCHEMAGATE_AHEAD: "maybe",
    SCHEMAGATE_STATEMENT_TIMEOUT: "1 fortnight",
    DATABASE_AUTH: "kerberos",
  };

  test("that the migrator cannot read are all told at once, exit 2, and nothing is touched", async () => {
    const failure = await failureOf({ env: (container) => (container.name === "migrate" ? badOnes : {}) });

    expect(failure).toMatchObject({ exitCode: 2 });
    const told = JSON.stringify(failure);
    expect(Object.keys(badOnes).filter((name) => !told.includes(name))).toEqual([]);
    expect(await objects()).toEqual([]);
  });

  test("that the app cannot read are all told at once, exit 2", async () => {
    const bad = {
      PORT: "eighty",
      WEB_CONCURRENCY: "0",
      DATABASE_POOL_MAX: "many",
      SHUTDOWN_TIMEOUT: "-1",
      LOG_LEVEL: "loud",
    };

    const { code, stderr } = await runImage(goodImage, [], { ...bad, DATABASE_URL: database.url });

    expect(code).toBe(2);
    expect(Object.entries(bad).filter(([name, value]) => !stderr.includes(`${name} ("${value}")`))).toEqual([]);
  });

  test.each([
    ["migrator", ["node", "dist/cli.js", "up"]],
    ["app", []],
  ])("that are missing altogether are named by the %s, exit 2", async (_, command) => {
    const { code, stdout, stderr } = await runImage(goodImage, command);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("no database is named");
    expect(stderr).toContain("Set DATABASE_URL (postgres://user@host:5432/database) or PGHOST, PGDATABASE and PGUSER");
  });
});

describe("an image whose migrations", () => {
  const dir = "/app/migrator/migrations";

  test.each([
    [
      "are in a directory that it may not read",
      "locked-directory",
      "chmod 0000 migrator/migrations",
      `${dir}/seal.json cannot be used: EACCES`,
    ],
    [
      "are a sealed set that it may not read",
      "locked-set",
      "chmod 0000 migrator/migrations/sealed.json",
      `${dir}/sealed.json cannot be used: EACCES`,
    ],
    ["are not there", "no-directory", "rm -r migrator/migrations", `${dir} cannot be read: ENOENT`],
    [
      "were edited after they were sealed",
      "edited-set",
      "sed -i 's/customers/clients/' migrator/migrations/sealed.json",
      `${dir}/sealed.json cannot be used: its contents do not match its digest`,
    ],
    [
      "have a module that was edited after it was sealed",
      "edited-module",
      "sh -c 'echo >> migrator/migrations/20260120083000_backfill_customers_email_normalised.cjs'",
      `${dir}/20260120083000_backfill_customers_email_normalised.cjs cannot be used: its checksum is `,
    ],
  ])("%s says so by path and reason, exit 2, and touches nothing", async (_, name, command, message) => {
    const failure = await failureOf({ image: imageAfter(name, command) });

    expect(failure).toMatchObject({ exitCode: 2, message: expect.stringContaining(message) });
    expect(await objects()).toEqual([]);
  });
});

/** Lines of the migrator about single migrations. */
const migrated = (lines: readonly Record<string, unknown>[]) => lines.filter(({ event }) => event === "migrated");

describe("a migration that", () => {
  // The migrator's container has 0.5 GiB (dev), and Node gives half of that to its heap: notices that were kept would not fit.
  const memoryBytes = 2 ** 29;
  const noticesMb = 300;
  const rowsMb = 500;
  // Below the length from which texts are no longer parsed beforehand; "begin" and "end" are what they are parsed for.
  const statements = "INSERT INTO long VALUES ('begin and end');\n".repeat(40_000);

  test(`raises ${noticesMb} MB of notices, returns ${rowsMb} MB of rows or is 1.7 MB long fits into the migrator's container`, async () => {
    const image = imageWith("large", {
      "20991231000001_notices.sql": `-- migrate:up\nDO $$ BEGIN FOR i IN 1..${noticesMb} LOOP RAISE NOTICE '%', repeat('n', 1024 * 1024); END LOOP; END $$;\n`,
      "20991231000002_rows.sql": `-- migrate:up\nSELECT repeat('r', 1024 * 1024) FROM generate_series(1, ${rowsMb});\n`,
      "20991231000003_long.sql": `-- migrate:up\nCREATE TABLE long (word text);\n${statements}`,
    });

    const replica = await startReadyReplica({ image, url: database.url });

    const limit = await engine().run(["inspect", "--format", "{{.HostConfig.Memory}}", replica.nameOf("migrate")]);
    expect(Number(limit)).toBe(memoryBytes);
    const names = migrated(await replica.migratorLines()).map(({ migration }) => migration);
    expect(names.slice(-3)).toEqual(["20991231000001_notices", "20991231000002_rows", "20991231000003_long"]);
    // Rows are for nobody, and of notices the first twenty are told, cut to what a person reads.
    expect((await replica.logs("migrate")).length).toBeLessThan(60_000);
    expect(await database.query("SELECT count(*)::int FROM long")).toEqual([{ count: 40_000 }]);
  });

  test("never ends is stopped by the statement timeout: exit 6, rolled back, and the message names the timeout", async () => {
    const image = imageWith("endless", {
      "20991231000001_endless.sql": "-- migrate:up\nCREATE TABLE endless (id integer);\nSELECT pg_sleep('infinity');\n",
    });

    const failure = await failureOf({ image, env: { SCHEMAGATE_STATEMENT_TIMEOUT: "1" } });

    expect(failure).toMatchObject({
      exitCode: 6,
      code: "migration-failed",
      migration: "20991231000001_endless",
      message: expect.stringContaining("canceling statement due to statement timeout"),
      hint: expect.stringContaining("by --statement-timeout (SCHEMAGATE_STATEMENT_TIMEOUT)"),
    });
    expect((await objects()).map(({ name }) => name)).not.toContain("endless");
  });
});

describe("a long history", () => {
  const count = 5_000;

  test(`of ${count} migrations is applied by the first replica, and nothing is left to do for the second`, async () => {
    const names = Array.from({ length: count }, (_, index) => `3${String(index).padStart(13, "0")}_row`);
    // Written and sealed in the image: thousands of files would take a build longer than all that follows.
    const write =
      `const names = Array.from({ length: ${count} }, (_, index) => "3" + String(index).padStart(13, "0") + "_row");` +
      'const first = "-- migrate:up\\nCREATE TABLE history (id integer PRIMARY KEY);\\n";' +
      'fs.mkdirSync("/tmp/set"); fs.writeFileSync("/tmp/set/20991231000000_history.sql", first);' +
      'names.forEach((name, index) => fs.writeFileSync("/tmp/set/" + name + ".sql", ' +
      '"-- migrate:up\\nINSERT INTO history VALUES (" + index + ");\\n"));';
    const seal = "rm -r migrator/migrations && node dist/cli.js seal --dir /tmp/set --out migrator/migrations";
    const image = imageAfter("history", `node -e '${write}' && ${seal} && rm -r /tmp/set`);
    const start = performance.now();

    const first = await startReadyReplica({ image, url: database.url });

    const applied = performance.now();
    const second = await startReadyReplica({ image, url: database.url });
    const seconds = (ms: number) => (ms / 1_000).toFixed(1);
    process.stdout.write(
      `history: ${count} migrations, the first replica ready after ${seconds(applied - start)} s, ` +
        `the second after ${seconds(performance.now() - applied)} s\n`,
    );
    expect(
      migrated(await first.migratorLines())
        .map(({ migration }) => migration)
        .slice(-count),
    ).toEqual(names);
    expect(migrated(await second.migratorLines())).toEqual([]);
    expect(await database.query("SELECT count(*)::int, max(id) FROM history")).toEqual([{ count, max: count - 1 }]);
    expect(await second.readiness()).toEqual({ status: 200, body: '{"status":"ready"}' });
  });
});
