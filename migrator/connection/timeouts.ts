import type { Client } from "pg";
import { SchemagateError } from "../errors";
import { quoteIdentifier } from "./quote";

/** Settings with which a server ends a connection, by the SQLSTATE that it then gives. */
const endingSettings: Readonly<Record<string, string>> = {
  "25P03": "idle_in_transaction_session_timeout",
  "25P04": "transaction_timeout",
  "57P05": "idle_session_timeout",
};

/** Settings with which it refuses what we asked, outside of any migration. */
const cancellingSettings: Readonly<Record<string, string>> = {
  "55P03": "lock_timeout",
  "57014": "statement_timeout",
};

/** A setting as a new session has it. */
interface Setting {
  /** With its unit; `0` is off. */
  readonly value: string;
  /** As pg_settings calls it. */
  readonly source: string;
  readonly role: string;
  readonly database: string;
}

/** Asks where a setting comes from. */
export async function readSetting(client: Pick<Client, "query">, name: string): Promise<Setting | undefined> {
  const { rows } = await client.query(
    `SELECT current_setting(name) AS value, source, session_user AS role, current_database() AS database
       FROM pg_settings WHERE name = $1`,
    [name],
  );
  return rows[0];
}

/** Says what a setting is, where it comes from and how to be rid of it; of one that is off, that who runs set it. */
export function describeSetting(name: string, { value, source, role, database }: Setting): string {
  if (value === "0") {
    return `No new session has ${name}: the migration set it, or one before it.`;
  }
  const ofRole = `ALTER ROLE ${quoteIdentifier(role)}`;
  const [where, wayOut] = {
    user: [`set for the role "${role}"`, `${ofRole} RESET ${name}`],
    database: [`set for the database "${database}"`, `ALTER DATABASE ${quoteIdentifier(database)} RESET ${name}`],
    "database user": [
      `set for the role "${role}" in the database "${database}"`,
      `${ofRole} IN DATABASE ${quoteIdentifier(database)} RESET ${name}`,
    ],
    session: ["set in the session by the migration, or one before it", "take that out"],
    client: ["set by PGOPTIONS or the URL's options", `leave it out there, or ${ofRole} SET ${name} = 0`],
  }[source] ?? ["set for the whole server", `except the migrator: ${ofRole} SET ${name} = 0`];
  return `${name} is ${value}, ${where}: ${wayOut}.`;
}

/**
 * Adds to the error of a connection, or of a statement of ours, that a timeout of the server ended what the setting is and
 * where it comes from.
 *
 * @param ask runs something with a connection of its own.
 */
export async function nameTimeout(
  error: unknown,
  ask: <T>(body: (client: Client) => Promise<T>) => Promise<T>,
): Promise<unknown> {
  const name = error instanceof SchemagateError ? settingOf(error) : undefined;
  // What is not known stays unsaid: the error itself says enough to go on.
  const setting = name && (await ask((client) => readSetting(client, name)).catch(() => undefined));
  if (!(error instanceof SchemagateError) || !setting) {
    return error;
  }
  const { code, message, hint, exitCode, cause, problems, details } = error;
  const isRefusal = code === "server-refused";
  if (isRefusal && setting.value === "0") {
    return error;
  }
  const told = `${describeSetting(name, setting)} ${isRefusal ? "Then run it again." : (hint ?? "")}`.trim();
  return new SchemagateError({ ...{ code, message, exitCode, cause, problems }, hint: told, details });
}

function settingOf({ code, cause }: SchemagateError): string | undefined {
  const { code: sqlState = "" } = (cause ?? {}) as { code?: string };
  return endingSettings[sqlState] ?? (code === "server-refused" ? cancellingSettings[sqlState] : undefined);
}
