import { type AnyPgColumn, integer, pgTable } from "drizzle-orm/pg-core";

export const nodes = pgTable("nodes", {
  id: integer("id").primaryKey(),
  parentId: integer("parent_id").references((): AnyPgColumn => nodes.id, { onDelete: "cascade" }),
});
