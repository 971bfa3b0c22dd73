import { sql } from "drizzle-orm";
import { integer, pgPolicy, pgTable, text } from "drizzle-orm/pg-core";

export const notes = pgTable("notes", { id: integer("id").primaryKey(), owner: text("owner") }, () => [
  pgPolicy("own_notes", { using: sql`owner = CURRENT_USER` }),
]);
