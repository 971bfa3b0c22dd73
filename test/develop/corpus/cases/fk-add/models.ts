import { integer, pgTable } from "drizzle-orm/pg-core";

export const customers = pgTable("customers", { id: integer("id").primaryKey() });

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  customerId: integer("customer_id")
    .notNull()
    .references(() => customers.id),
});
