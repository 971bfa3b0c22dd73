import { integer, pgEnum, pgTable } from "drizzle-orm/pg-core";

export const mood = pgEnum("mood", ["sad", "ok"]);

export const people = pgTable("people", {
  id: integer("id").primaryKey(),
  mood: mood("mood").notNull().default("ok"),
});
