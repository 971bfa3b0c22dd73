import { integer, pgTable, timestamp } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  placedAt: timestamp("placed_at", { withTimezone: true }).notNull().defaultNow(),
});
