import { integer, numeric, pgTable } from "drizzle-orm/pg-core";

export const items = pgTable("items", {
  id: integer("id").primaryKey(),
  price: numeric("price", { precision: 12, scale: 2 }).notNull(),
});
