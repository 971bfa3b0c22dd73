import { integer, pgTable, varchar } from "drizzle-orm/pg-core";

export const customers = pgTable("customers", {
  id: integer("id").primaryKey(),
  country: varchar("country", { length: 2 }).default("DE"),
});
