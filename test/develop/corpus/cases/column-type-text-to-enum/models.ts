import { integer, pgEnum, pgTable } from "drizzle-orm/pg-core";

export const orderStatus = pgEnum("order_status", ["open", "paid"]);

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  status: orderStatus("status").notNull().default("open"),
});
