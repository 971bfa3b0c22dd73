import { index, integer, pgTable, text } from "drizzle-orm/pg-core";

export const people = pgTable(
  "people",
  {
    id: integer("id").primaryKey(),
    first: text("first").notNull().default(""),
    last: text("last").notNull().default(""),
  },
  (table) => [index("people_name_idx").on(table.last, table.first)],
);
