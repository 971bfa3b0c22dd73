import { index, integer, pgTable, timestamp } from "drizzle-orm/pg-core";

export const orders = pgTable(
  "Order",
  { orderId: integer("orderId").primaryKey(), placedAt: timestamp("placedAt", { withTimezone: true }).defaultNow() },
  (table) => [index("Order_placedAt_idx").on(table.placedAt)],
);
