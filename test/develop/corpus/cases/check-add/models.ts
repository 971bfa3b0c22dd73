import { sql } from "drizzle-orm";
import { check, integer, pgTable } from "drizzle-orm/pg-core";

export const items = pgTable(
  "items",
  { id: integer("id").primaryKey(), price: integer("price").notNull() },
  (table) => [check("items_price_positive", sql`${table.price} > 0`)],
);
