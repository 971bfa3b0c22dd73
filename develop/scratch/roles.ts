import type { Client } from "pg";
import { quoteIdentifier } from "../../migrator/connection/quote";
import type { SqlText } from "./cluster-wide";
import type { ScratchDatabase } from "./database";

type Querier = Pick<Client, "query">;

/** Roles that were there before SQL that makes roles, and that SQL. */
interface Noted {
  readonly before: ReadonlySet<string>;
  readonly texts: readonly SqlText[];
}

const noted = new WeakMap<ScratchDatabase, Noted>();
const makesRoles = /\bcreate\s+(role|user|group)\b/i;

/**
 * Notes which roles there are before SQL that makes some runs in a scratch database: a role belongs to the server and
 * outlives the database, and the next scratch database would find it there already.
 */
export async function noteRoles(database: ScratchDatabase, texts: readonly SqlText[]): Promise<void> {
  if (database.ownServer && !noted.has(database) && texts.some(({ sql }) => makesRoles.test(sql))) {
    noted.set(database, { before: new Set(await database.connect(readRoles)), texts });
  }
}

/**
 * Drops the roles that were made in a database that is gone: those that its SQL names and that were not there before.
 * One that somebody else uses by now stays.
 */
export async function dropRoles(client: Querier, database: ScratchDatabase): Promise<void> {
  const { before, texts = [] } = noted.get(database) ?? {};
  const roles = before ? (await readRoles(client)).filter((role) => !before.has(role)) : [];
  for (const role of roles.filter((name) => texts.some(({ sql }) => sql.includes(name)))) {
    await client.query(`DROP ROLE IF EXISTS ${quoteIdentifier(role)}`).catch(() => undefined);
  }
}

/**
 * Drops all roles of a server that is for scratch databases alone, unless there is a scratch database: a run that was
 * killed may have left them.
 */
export async function sweepRoles(client: Querier): Promise<void> {
  await client.query(`DO $$ DECLARE left_over text; BEGIN
    IF NOT EXISTS (SELECT FROM pg_database WHERE starts_with(datname::text, 'schemagate_scratch_')) THEN
      FOR left_over IN SELECT rolname FROM pg_roles WHERE NOT starts_with(rolname::text, 'pg_') AND rolname <> current_user LOOP
        BEGIN
          EXECUTE format('DROP ROLE %I', left_over);
        EXCEPTION WHEN dependent_objects_still_exist THEN NULL;
        END;
      END LOOP;
    END IF;
  END $$`);
}

async function readRoles(client: Querier): Promise<string[]> {
  const { rows } = await client.query("SELECT rolname AS name FROM pg_roles");
  return rows.map(({ name }) => name);
}
