import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const people = pgTable("people", { id: integer("id").primaryKey(), email: text("email") });
