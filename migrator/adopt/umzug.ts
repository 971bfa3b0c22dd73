import type { Tool } from "./tool";

/** umzug with its Sequelize storage, and the Sequelize command line: one row for each file, named with its extension. */
export const umzug: Tool = {
  table: "SequelizeMeta",
  columns: ["name"],
  read: async (client, table) => {
    // Only a storage with `timestamps: true` has a time.
    const time = table.columns.has("createdAt") ? '"createdAt"' : "NULL::timestamptz";
    const { rows } = await client.query(`SELECT name AS id, ${time} AS "appliedAt" FROM ${table.sql} ORDER BY 2, name`);
    return { applied: rows.map((row) => ({ ...row, appliedAt: row.appliedAt ?? undefined })), problems: [] };
  },
};
