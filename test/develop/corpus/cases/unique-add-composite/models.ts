import { integer, pgTable, unique } from "drizzle-orm/pg-core";

export const seats = pgTable(
  "seats",
  { id: integer("id").primaryKey(), hall: integer("hall").notNull(), number: integer("number").notNull() },
  (table) => [unique("seats_hall_number").on(table.hall, table.number)],
);
