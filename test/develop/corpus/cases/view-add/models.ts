import { sql } from "drizzle-orm";
import { integer, pgTable, pgView, text } from "drizzle-orm/pg-core";

export const people = pgTable("people", { id: integer("id").primaryKey(), name: text("name") });

export const names = pgView("names", { id: integer("id"), name: text("name") }).as(
  sql`SELECT id, name FROM people WHERE name IS NOT NULL`,
);
