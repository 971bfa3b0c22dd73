import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "pg";
import { quoteIdentifier } from "../../migrator/connection/quote";
import { type SchemagateError, usageError } from "../../migrator/errors";

/** How often a template that somebody is connected to is tried again; the server itself waits five seconds each time. */
const tries = 6;
const pauseMs = 300;

/**
 * Makes a database.
 *
 * @param template the database to copy; nobody may be connected to it. @default the server's own template
 * @throws usage (exit 2) when the role may not make databases.
 */
export async function createDatabase(client: Client, name: string, template?: string): Promise<void> {
  const sql = `CREATE DATABASE ${quoteIdentifier(name)}${template ? ` TEMPLATE ${quoteIdentifier(template)}` : ""}`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(sql);
      return;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === "42501") {
        throw await notAllowed(client, error);
      }
      // "source database is being accessed by other users"
      if (code !== "55006" || attempt === tries) {
        throw error;
      }
    }
    await delay(pauseMs * attempt * Math.random());
  }
}

async function notAllowed(client: Client, cause: unknown): Promise<SchemagateError> {
  const { rows } = await client.query("SELECT current_user AS role");
  return usageError({
    code: "no-createdb",
    message:
      `role "${rows[0].role}" may not make a scratch database at ${client.host}:${client.port}: ` +
      `${(cause as Error).message}`,
    hint:
      `Name a server of your own with --scratch-url (\`--scratch-url embedded\` starts one), or let an administrator run ` +
      `ALTER ROLE ${quoteIdentifier(rows[0].role)} CREATEDB.`,
  });
}
