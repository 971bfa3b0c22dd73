import type { Client } from "pg";
import { isSqlState } from "./sql-error";

const reasons = new WeakMap<Client, Error>();

/**
 * Keeps what the server says when it ends a connection on which nothing is asked: the next query would only fail with
 * "not queryable". Without a listener the event would end the process.
 */
export function noteWhatBroke(client: Client): void {
  client.on("error", (error: Error & { code?: string }) => {
    // Any other is what the next query fails with as well.
    if (isSqlState(error.code)) {
      reasons.set(client, error);
    }
  });
}

/** What the server said when it ended a connection on which nothing was asked. */
export function whatBroke(client: Client): Error | undefined {
  return reasons.get(client);
}
