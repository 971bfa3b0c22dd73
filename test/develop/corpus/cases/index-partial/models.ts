import { sql } from "drizzle-orm";
import { index, integer, pgTable, timestamp } from "drizzle-orm/pg-core";

export const orders = pgTable(
  "orders",
  { id: integer("id").primaryKey(), paidAt: timestamp("paid_at", { withTimezone: true }) },
  (table) => [index("orders_open_idx").on(table.id).where(sql`${table.paidAt} is null`)],
);
