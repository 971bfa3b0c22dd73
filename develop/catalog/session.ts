import type { Client } from "pg";

/** What definitions depend on when PostgreSQL prints them: as pg_dump sets it. */
const settings = [
  // Every name but pg_catalog's is qualified; temporary tables shadow nothing.
  "search_path = pg_catalog, pg_temp",
  "quote_all_identifiers = off",
  "DateStyle = ISO",
  "IntervalStyle = postgres",
  "TimeZone = 'UTC'",
  "extra_float_digits = 3",
  "bytea_output = hex",
  "xmloption = content",
  "lc_monetary = 'C'",
  // Compiling these queries takes longer than running them.
  "jit = off",
];

const apply = settings.map((setting) => `SET LOCAL ${setting}`).join("; ");
const savepoint = "schemagate_catalog";

/**
 * Runs `body` where definitions are printed the same way whatever the connection's settings are: in a read-only
 * transaction with one snapshot, or under a savepoint of the transaction that the client is in, which is left as it
 * was. There, what one sees is what the transaction's isolation level lets it see.
 */
export async function inReadingSession<T>(client: Pick<Client, "query">, body: () => Promise<T>): Promise<T> {
  const within = await isInTransaction(client);
  await client.query(
    within ? `SAVEPOINT ${savepoint}; ${apply}` : `BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; ${apply}`,
  );
  // Rolled back rather than released: a savepoint's release would keep the settings.
  const end = within ? `ROLLBACK TO SAVEPOINT ${savepoint}; RELEASE SAVEPOINT ${savepoint}` : "ROLLBACK";
  let result: T;
  try {
    result = await body();
  } catch (error) {
    // The first error is the one to report: on a lost connection this fails as well.
    await client.query(end).catch(() => undefined);
    throw error;
  }
  await client.query(end);
  return result;
}

/** Whether the client is in a transaction: only there a local setting outlives its statement. */
async function isInTransaction(client: Pick<Client, "query">): Promise<boolean> {
  await client.query("SELECT set_config('schemagate.in_transaction', 'yes', true)");
  const { rows } = await client.query<{ value: string | null }>(
    "SELECT current_setting('schemagate.in_transaction', true) AS value",
  );
  return rows[0]?.value === "yes";
}
