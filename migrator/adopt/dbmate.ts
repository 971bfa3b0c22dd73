import { compareNames } from "../source/migration";
import type { Tool } from "./tool";

/** dbmate (and Rails, whose table is the same): one row for each version, in no order and without a time. */
export const dbmate: Tool = {
  table: "schema_migrations",
  columns: ["version"],
  foreignColumns: { dirty: "golang-migrate" },
  read: async (client, table) => {
    const { rows } = await client.query(`SELECT version::text AS id FROM ${table.sql}`);
    return { applied: rows.map(({ id }) => ({ id })).sort((a, b) => compareNames(a.id, b.id)), problems: [] };
  },
};
