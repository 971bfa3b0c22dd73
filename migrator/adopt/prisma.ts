import type { Tool } from "./tool";

/** Prisma: one row for each attempt at a migration; attempts that were rolled back stay. */
export const prisma: Tool = {
  table: "_prisma_migrations",
  columns: ["migration_name", "finished_at", "rolled_back_at"],
  read: async (client, table) => {
    const { rows } = await client.query(
      `SELECT migration_name AS id, finished_at AS "appliedAt" FROM ${table.sql}
        WHERE rolled_back_at IS NULL ORDER BY finished_at, migration_name`,
    );
    const unfinished = rows.filter((row) => row.appliedAt === null);
    return {
      applied: rows.filter((row) => row.appliedAt !== null),
      problems: unfinished.map(({ id }) => ({
        code: "failed-there",
        message: `migration ${id} failed or is under way according to ${table.label}: it has neither finished nor been rolled back`,
        hint: `Mend the schema, then tell Prisma how it ended: prisma migrate resolve --applied or --rolled-back "${id}".`,
      })),
    };
  },
};
