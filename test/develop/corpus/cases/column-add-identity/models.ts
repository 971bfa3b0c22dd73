import { bigint, pgTable, text } from "drizzle-orm/pg-core";

export const logs = pgTable("logs", {
  message: text("message").notNull(),
  id: bigint("id", { mode: "number" }).generatedAlwaysAsIdentity(),
});
