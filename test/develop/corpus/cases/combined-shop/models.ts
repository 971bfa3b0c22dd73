import { index, integer, pgEnum, pgTable, text, varchar } from "drizzle-orm/pg-core";

export const currency = pgEnum("currency", ["EUR", "USD"]);

export const products = pgTable("products", {
  id: integer("id").primaryKey(),
  name: varchar("name", { length: 200 }).notNull(),
  price: integer("price").notNull(),
  currency: currency("currency").notNull().default("EUR"),
});

export const customers = pgTable("customers", {
  id: integer("id").primaryKey(),
  email: text("email").notNull().unique(),
  phone: text("phone"),
});

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  customerId: integer("customer_id")
    .notNull()
    .references(() => customers.id),
  status: text("status").notNull().default("open"),
});

export const orderLines = pgTable(
  "order_lines",
  {
    id: integer("id").primaryKey(),
    orderId: integer("order_id")
      .notNull()
      .references(() => orders.id, { onDelete: "cascade" }),
    productId: integer("product_id")
      .notNull()
      .references(() => products.id),
    quantity: integer("quantity").notNull().default(1),
  },
  (table) => [index("order_lines_order_id_idx").on(table.orderId)],
);
