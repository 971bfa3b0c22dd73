import { index, integer, pgTable, varchar } from "drizzle-orm/pg-core";

export const customers = pgTable(
  "customers",
  { id: integer("id").primaryKey(), name: varchar("name", { length: 200 }) },
  (table) => [index("customers_name_idx").on(table.name)],
);
