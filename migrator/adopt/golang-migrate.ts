import type { Tool } from "./tool";

/** golang-migrate: one row, the newest version, and whether its migration stopped midway. */
export const golangMigrate: Tool = {
  table: "schema_migrations",
  columns: ["version", "dirty"],
  read: async (client, table) => {
    const { rows } = await client.query(`SELECT version::text AS id, dirty FROM ${table.sql} ORDER BY version`);
    const dirty = rows.filter((row) => row.dirty);
    return {
      applied: rows.slice(-1).map(({ id }) => ({ id, coversOlder: true })),
      problems: dirty.map(({ id }) => ({
        code: "dirty",
        message: `version ${id} is dirty according to ${table.label}: its migration stopped midway`,
        hint: `Mend the schema by hand, then tell golang-migrate which version it has: migrate force VERSION.`,
      })),
    };
  },
};
