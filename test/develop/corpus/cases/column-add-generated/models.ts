import { sql } from "drizzle-orm";
import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const people = pgTable("people", {
  id: integer("id").primaryKey(),
  first: text("first").notNull(),
  last: text("last").notNull(),
  fullName: text("full_name").generatedAlwaysAs(sql`first || ' ' || last`),
});
