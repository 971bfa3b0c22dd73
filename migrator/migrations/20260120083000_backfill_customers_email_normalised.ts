import { domainToASCII } from "node:url";
import type { MigrationContext } from "../index";

/** Rows per round trip: big enough to be quick, small enough to stay far below the statement's memory and log limits. */
const batchSize = 1_000;

interface Customer {
  readonly id: string;
  readonly email: string;
}

/**
 * Fills email_normalised in the rows that are older than the column. In code, because PostgreSQL has no IDNA.
 * Refuses, and changes nothing, when two customers turn out to share an address: the unique index that follows could not
 * be built, and only a person can tell which of the two to keep.
 */
export async function up({ client, log }: MigrationContext): Promise<void> {
  let [filled, lastId] = [0, "0"];
  for (;;) {
    const { rows } = await client.query<Customer>(
      "SELECT id, email FROM customers WHERE email_normalised IS NULL AND id > $1 ORDER BY id LIMIT $2",
      [lastId, batchSize],
    );
    const last = rows.at(-1);
    if (!last) {
      break;
    }
    await client.query(
      `UPDATE customers SET email_normalised = filled.email_normalised
         FROM unnest($1::bigint[], $2::text[]) AS filled (id, email_normalised)
        WHERE customers.id = filled.id`,
      [rows.map((row) => row.id), rows.map((row) => normaliseEmail(row.email))],
    );
    lastId = last.id;
    filled += rows.length;
    log(`normalised the addresses of ${filled} customers`);
  }
  await refuseSharedAddresses(client);
}

/** Empties the column. Nothing is lost: every value is derived from email, and `up` derives them again. */
export async function down({ client, log }: MigrationContext): Promise<void> {
  const { rowCount } = await client.query(
    "UPDATE customers SET email_normalised = NULL WHERE email_normalised IS NOT NULL",
  );
  log(`emptied email_normalised of ${rowCount ?? 0} customers`);
}

async function refuseSharedAddresses(client: MigrationContext["client"]): Promise<void> {
  const { rows } = await client.query<{ ids: string }>(
    `SELECT string_agg(id::text, ', ' ORDER BY id) AS ids FROM customers
      WHERE email_normalised IS NOT NULL
      GROUP BY email_normalised HAVING count(*) > 1 ORDER BY min(id) LIMIT 10`,
  );
  if (rows.length > 0) {
    // Ids, not addresses: this text ends up in logs.
    const groups = rows.map((row) => `(${row.ids})`).join(" ");
    throw new Error(
      `customers with one address between them, by id: ${groups}. Merge each group into one, then run again.`,
    );
  }
}

// A copy of what the app did on the day this was written, on purpose: a migration must not change when the app does.
function normaliseEmail(email: string): string {
  const at = email.lastIndexOf("@");
  if (at < 0) {
    return email.toLowerCase();
  }
  const domain = email.slice(at + 1);
  return `${email.slice(0, at).normalize("NFKC").toLowerCase()}@${domainToASCII(domain) || domain.toLowerCase()}`;
}
