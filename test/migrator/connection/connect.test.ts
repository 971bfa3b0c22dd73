import { connect, createServer } from "node:net";
import { useTestDatabase } from "../../support/database";
import { runMigrator, startMigrator, writeMigrations } from "../../support/migrator";
import { freePort } from "../../support/pgbouncer";

const dir = writeMigrations({ "1_a.sql": "-- migrate:up\nSELECT 1;\n" });

const database = useTestDatabase();

function changed(change: (url: URL) => void): string {
  const url = new URL(database.url);
  change(url);
  return url.href;
}

function up(url: string, ...more: string[]) {
  return runMigrator(["up", "--no-json", "--dir", dir, "--database-url", url, ...more]);
}

test("a wrong password exits 7 at once and shows no password", async () => {
  const url = changed((it) => {
    it.password = "wrong-secret";
  });

  const result = await up(url);

  expect(result).toMatchObject({ code: 7, stderr: expect.stringContaining("[authentication, exit 7]") });
  expect(result.stdout + result.stderr).not.toContain("wrong-secret");
});

test("a database that does not exist exits 7 at once and names it", async () => {
  const url = changed((it) => {
    it.pathname = "/no_such_database";
  });

  expect(await up(url)).toMatchObject({
    code: 7,
    stderr: expect.stringContaining('database "no_such_database" at 127.0.0.1'),
  });
});

test("a closed port is tried again until the time is over, then exits 7", async () => {
  const result = await up("postgres://u@127.0.0.1:1/d", "--connect-timeout", "1");

  expect(result.code).toBe(7);
  expect(result.stderr).toContain("database not reachable yet");
  expect(result.stderr).toContain('cannot connect to database "d" at 127.0.0.1:1 as "u" after 1 s of trying');
});

test("a database that comes up late is waited for", async () => {
  const target = new URL(database.url);
  const port = await freePort();
  const run = startMigrator([
    ...["up", "--no-json", "--dir", dir, "--connect-timeout", "20"],
    ...[
      "--database-url",
      changed((it) => {
        it.port = String(port);
      }),
    ],
  ]);
  await new Promise((resolve) => run.child.stderr?.once("data", resolve));
  const proxy = createServer((socket) => {
    const upstream = connect(Number(target.port), target.hostname);
    socket.pipe(upstream).pipe(socket);
    for (const end of [socket, upstream]) {
      end.on("error", () => undefined);
    }
  }).listen(port, "127.0.0.1");

  expect(await run.ended).toMatchObject({ code: 0, stdout: expect.stringContaining("1 migration applied") });
  proxy.close();
});

test("TLS asked of a server without it exits 7 and says how to go without", async () => {
  const url = changed((it) => {
    it.searchParams.set("sslmode", "verify-full");
  });

  expect(await up(url)).toMatchObject({ code: 7, stderr: expect.stringContaining("Use sslmode=disable") });
});

test("in production nothing is embedded: a run without a database exits 2 and says what to set", async () => {
  expect(await runMigrator(["up", "--no-json", "--dir", dir], { NODE_ENV: "production" })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Set DATABASE_URL"),
  });
});
