import { guardSession } from "../../../migrator/connection/guard";
import { createTestDatabase, serverUrl, withClient } from "../../support/database";
import { runMigrator, writeMigrations } from "../../support/migrator";

test("the server is told to notice soon that this side is gone, be it the process or the network", async () => {
  await withClient(serverUrl(), async (client) => {
    await guardSession(client);

    const names = ["client_connection_check_interval", "tcp_keepalives_idle", "tcp_user_timeout"];
    const shown = await client.query("SELECT current_setting(name) AS value FROM unnest($1::text[]) AS name", [names]);
    // What a platform cannot do shows as 0.
    expect(shown.rows.map(({ value }) => value)).toEqual(
      process.platform === "linux" ? ["2s", "10", "30000"] : expect.any(Array),
    );
  });
});

test("the connection that holds the lock is watched so in every migration, whatever the one before it has set", async () => {
  const database = await createTestDatabase();
  const look = "SELECT current_setting('tcp_keepalives_idle'), current_setting('client_connection_check_interval')";
  const dir = writeMigrations({
    "1_first.sql": `-- migrate:up\nCREATE TABLE seen (idle text, check_interval text);\nINSERT INTO seen ${look};\nRESET ALL;\n`,
    "2_second.sql": `-- migrate:up\nINSERT INTO seen ${look};\n`,
  });
  try {
    expect(await runMigrator(["up", "--dir", dir, "--database-url", database.url])).toMatchObject({ code: 0 });

    const seen = process.platform === "linux" ? { idle: "10", check_interval: "2s" } : expect.any(Object);
    expect(await database.query("SELECT * FROM seen")).toEqual([seen, seen]);
  } finally {
    await database.drop();
  }
});
