import type { Client } from "pg";
import type { Problem } from "../errors";
import { lookUp } from "./table";
import type { ForeignTable, Tool } from "./tool";

/** knex: one row for each file, named with its extension, and a table beside it that says whether a run is under way. */
export const knex: Tool = {
  table: "knex_migrations",
  columns: ["name", "batch", "migration_time"],
  read: async (client, table) => {
    const { rows } = await client.query(
      `SELECT name AS id, migration_time AS "appliedAt" FROM ${table.sql} ORDER BY id`,
    );
    return {
      applied: rows.map((row) => ({ ...row, appliedAt: row.appliedAt ?? undefined })),
      problems: await findLock(client, table),
    };
  },
};

async function findLock(client: Pick<Client, "query">, table: ForeignTable): Promise<Problem[]> {
  const lock = await lookUp(client, table.schema, `${table.name}_lock`);
  if (!lock?.columns.has("is_locked")) {
    return [];
  }
  const { rows } = await client.query(`SELECT 1 FROM ${lock.sql} WHERE is_locked = 1`);
  return rows.map(() => ({
    code: "locked",
    message: `${lock.label} is locked: a run of knex is under way, or one was killed midway`,
    hint: "Wait for it. If none runs, check what the last one left behind, then: knex migrate:unlock.",
  }));
}
