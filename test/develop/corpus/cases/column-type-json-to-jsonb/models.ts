import { integer, jsonb, pgTable } from "drizzle-orm/pg-core";

export const events = pgTable("events", {
  id: integer("id").primaryKey(),
  body: jsonb("body").notNull().default({}),
});
