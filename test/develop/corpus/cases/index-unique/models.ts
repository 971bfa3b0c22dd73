import { integer, pgTable, uniqueIndex } from "drizzle-orm/pg-core";

export const seats = pgTable(
  "seats",
  { id: integer("id").primaryKey(), hall: integer("hall"), number: integer("number") },
  (table) => [uniqueIndex("seats_hall_number_idx").on(table.hall, table.number)],
);
