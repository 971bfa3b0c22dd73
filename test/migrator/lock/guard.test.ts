import { guardSession } from "../../../migrator/connection/guard";
import { serverUrl, withClient } from "../../support/database";

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
