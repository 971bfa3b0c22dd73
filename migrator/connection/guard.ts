import type { Client } from "pg";

/**
 * How soon the server notices that this side is gone, and with it gives back the lock: a process that was killed, while
 * a statement runs, within two seconds; a network that went dead within about half a minute. The kernel's own patience
 * is two hours.
 */
const network =
  "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4; SET tcp_user_timeout = '30s'";
const process = "SET client_connection_check_interval = '2s'";

/** Makes the server watch this connection, for as long as the session lasts or until RESET ALL. */
export async function guardSession(client: Pick<Client, "query">): Promise<void> {
  // Not every platform has all of it: what one lacks must not cost the others.
  await client.query(`${process}; ${network}`).catch(async () => {
    await client.query(network).catch(() => undefined);
  });
}
