import { index, integer, pgTable, text } from "drizzle-orm/pg-core";

export const customers = pgTable("customers", { id: integer("id").primaryKey(), name: text("name") }, (table) => [
  index("customers_name_idx").on(table.name),
]);
