import type { Client } from "pg";
import type { Problem } from "../errors";

/** Whether another server process answers than the one that greeted: then a pooler sits between. */
export function isPooled(client: Client, pid: number): boolean {
  return (client as Client & { processID: number | null }).processID !== pid;
}

/**
 * What to tell a run that had nothing to do, and so asked nothing of the pooler that a migration would: not whether it
 * keeps a session.
 *
 * @param pid the server process that answered; undefined where nobody asked.
 * @returns undefined where nothing is between.
 */
export function poolerWarning(client: Client, pid: number | undefined): Problem | undefined {
  return pid === undefined || !isPooled(client, pid)
    ? undefined
    : {
        code: "pooler",
        message: `a pooler sits between this run and the database (${client.host}:${client.port})`,
        hint:
          "Nothing was pending, so that it did no harm. In session mode the next migration runs; in transaction mode it " +
          "is refused: connect to the server itself, port 5432, where PgBouncer on Azure has 6432. `doctor` says which it is.",
      };
}
