import { pgTable, serial, text } from "drizzle-orm/pg-core";

export const logs = pgTable("logs", {
  message: text("message").notNull(),
  id: serial("id"),
});
