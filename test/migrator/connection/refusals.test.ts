import { type AddressInfo, createServer } from "node:net";
import { Client } from "pg";
import { startTestServer, useTestDatabase } from "../../support/database";
import { runMigrator, writeMigrations } from "../../support/migrator";

const dir = writeMigrations({ "1_a.sql": "-- migrate:up\nCREATE TABLE a (id integer);\n" });
const more = writeMigrations({
  "1_a.sql": "-- migrate:up\nCREATE TABLE a (id integer);\n",
  "2_b.sql": "-- migrate:up\nCREATE TABLE b (id integer);\n",
});

const database = useTestDatabase();

function up(from: string, url = database.url) {
  return runMigrator(["up", "--no-json", "--dir", from, "--database-url", url, "--connect-timeout", "1"]);
}

test("a server that takes no writes is said so in words, with what to do: before the ledger is there", async () => {
  await database.query(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);

  const result = await up(dir);

  expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining("[read-only, exit 6]") });
  expect(result.stderr).toContain("standby, as after a failover");
  expect(result.stderr).toContain("storage is 95 % full");
});

test("a server that takes no writes is said so in words, with what to do: when a migration runs", async () => {
  await up(dir);
  await database.query(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);

  const result = await up(more);

  expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining("SQLSTATE 25006") });
  expect(result.stderr).toContain("standby, as after a failover");
});

test("a full disk is said so in words, with what to do", async () => {
  // The server's own error number, raised by hand: filling a disk belongs into a container of its own.
  const full = "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;\n";

  const result = await up(writeMigrations({ "1_full.sql": `-- migrate:up\n${full}` }));

  expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining("SQLSTATE 53100") });
  expect(result.stderr).toContain("enlarge the storage");
});

test("a server without a free connection is tried again and said so in words", async () => {
  const server = await startTestServer(["max_connections=3", "superuser_reserved_connections=0", "max_wal_senders=0"]);
  const clients = [1, 2, 3].map(() => new Client({ connectionString: server.url }));
  for (const client of clients) {
    client.on("error", () => undefined);
    await client.connect();
  }

  const result = await up(dir, server.url);

  expect(result).toMatchObject({ code: 7, stderr: expect.stringContaining("[too-many-connections, exit 7]") });
  expect(result.stderr).toContain("the server has no connection left), trying again");
  await Promise.all(clients.map((client) => client.end()));
  await server.remove();
});

test("a server that starts or fails over is tried again and said so in words", async () => {
  // As a real one answers for a moment only.
  const fields = "SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0";
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + fields.length);
  const starting = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end(Buffer.concat([Buffer.from("E"), length, Buffer.from(fields)])));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => starting.once("listening", resolve));

  const result = await up(dir, `postgres://u@127.0.0.1:${(starting.address() as AddressInfo).port}/d`);

  expect(result).toMatchObject({ code: 7, stderr: expect.stringContaining("[server-starting, exit 7]") });
  expect(result.stderr).toContain("the server is starting, stopping or recovering), trying again");
  starting.close();
});
