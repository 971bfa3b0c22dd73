import { bigint, integer, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  total: bigint("total", { mode: "number" }).notNull().default(0),
});
