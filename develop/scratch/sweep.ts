import type { Client } from "pg";
import { quoteIdentifier } from "../../migrator/connection/quote";
import { scratchPrefix, unheldDatabases } from "./lock";

/**
 * Drops the scratch databases that a killed run left behind: those that no session of any run holds, that nobody is
 * connected to, and that this role may drop. A run holds a database before it makes it, so that what is found here
 * first and is not held afterwards belongs to nobody.
 */
export async function sweepScratch(client: Pick<Client, "query">): Promise<void> {
  const { rows } = await client.query(
    `SELECT d.datname AS name FROM pg_database d
      WHERE starts_with(d.datname::text, $1) AND pg_has_role(d.datdba, 'USAGE')
        AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)`,
    [scratchPrefix],
  );
  const found = rows.map(({ name }) => name as string);
  for (const name of found.length > 0 ? await unheldDatabases(client, found) : []) {
    // Another run may sweep it at the same time, and without FORCE whoever connected meanwhile keeps it.
    await client.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)}`).catch(() => undefined);
  }
}
