import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";

// What the schema should be: `generate` compares it with what the migrations make, names of constraints included.
// What Drizzle cannot say is in ../schema.

/** A number in JavaScript: ids and prices stay far below 2^53. */
const bigintNumber = (name: string) => bigint(name, { mode: "number" });

export const customers = pgTable(
  "customers",
  {
    id: bigintNumber("id").primaryKey().generatedAlwaysAsIdentity(),
    email: text("email").notNull().unique("customers_email_key"),
    name: text("name").notNull(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    emailNormalised: text("email_normalised"),
  },
  (table) => [
    check("customers_name_check", sql`${table.name} <> ''`),
    uniqueIndex("customers_email_normalised_key").on(table.emailNormalised),
  ],
);

export const orders = pgTable(
  "orders",
  {
    id: bigintNumber("id").primaryKey().generatedAlwaysAsIdentity(),
    customerId: bigintNumber("customer_id").notNull(),
    currency: text("currency").notNull(),
    status: text("status").notNull().default("open"),
    placedAt: timestamp("placed_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    foreignKey({ name: "orders_customer_id_fkey", columns: [table.customerId], foreignColumns: [customers.id] }),
    check("orders_currency_check", sql`${table.currency} ~ '^[A-Z]{3}$'`),
    check("orders_status_check", sql`${table.status} IN ('open', 'paid', 'shipped', 'cancelled')`),
    index("orders_customer_id_id_idx").on(table.customerId, table.id),
  ],
);

export const orderLines = pgTable(
  "order_lines",
  {
    orderId: bigintNumber("order_id").notNull(),
    lineNumber: integer("line_number").notNull(),
    sku: text("sku").notNull(),
    quantity: integer("quantity").notNull(),
    unitPriceCents: bigintNumber("unit_price_cents").notNull(),
  },
  (table) => [
    primaryKey({ name: "order_lines_pkey", columns: [table.orderId, table.lineNumber] }),
    foreignKey({
      name: "order_lines_order_id_fkey",
      columns: [table.orderId],
      foreignColumns: [orders.id],
    }).onDelete("cascade"),
    check("order_lines_line_number_check", sql`${table.lineNumber} > 0`),
    check("order_lines_sku_check", sql`${table.sku} <> ''`),
    check("order_lines_quantity_check", sql`${table.quantity} > 0`),
    check("order_lines_unit_price_cents_check", sql`${table.unitPriceCents} >= 0`),
  ],
);
