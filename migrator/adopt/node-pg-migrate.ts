import type { Tool } from "./tool";

/** node-pg-migrate: one row for each file, named without its extension. */
export const nodePgMigrate: Tool = {
  table: "pgmigrations",
  columns: ["name", "run_on"],
  read: async (client, table) => {
    const { rows } = await client.query(
      `SELECT name AS id, run_on::timestamptz AS "appliedAt" FROM ${table.sql} ORDER BY run_on, id`,
    );
    return { applied: rows, problems: [] };
  },
};
