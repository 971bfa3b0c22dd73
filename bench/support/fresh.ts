import type { Context } from "./context";
import type { Contestant } from "./interleave";

/**
 * Makes a contestant begin with a new database in every round.
 *
 * @param template database that the new one is a copy of. @default none: it is empty
 */
export function fresh(
  { server }: Context,
  database: string,
  contestant: (url: string) => Contestant,
  template?: string,
): Contestant {
  const before = async () => {
    await server.drop(database);
    await server.create(database, template);
    // What the copy left to write is not the contestant's.
    await server.query(database, "CHECKPOINT");
  };
  return { ...contestant(server.url(database)), before };
}
