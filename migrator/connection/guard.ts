import type { Client } from "pg";

/**
 * How soon the server notices that this side is gone, and with it gives back the lock: a process that was killed, while
 * a statement runs, within two seconds; a network that went dead within about half a minute. The kernel's own patience
 * is two hours.
 */
const network =
  "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4; SET tcp_user_timeout = '30s'";
const process = "SET client_connection_check_interval = '2s'";

/**
 * Makes the server watch this connection, for as long as the session lasts or until RESET ALL.
 *
 * @returns the statements that do it again. They are what the server takes; empty where it takes none.
 */
export async function guardSession(client: Pick<Client, "query">): Promise<string> {
  // Not every platform has all of it: what one lacks must not cost the others.
  for (const guard of [`${process}; ${network}`, network]) {
    try {
      await client.query(guard);
      return guard;
    } catch {
      // The next one asks for less; a connection that broke is noticed by whoever uses it next.
    }
  }
  return "";
}
