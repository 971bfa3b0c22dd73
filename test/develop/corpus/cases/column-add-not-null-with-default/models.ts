import { boolean, integer, pgTable } from "drizzle-orm/pg-core";

export const customers = pgTable("customers", {
  id: integer("id").primaryKey(),
  active: boolean("active").notNull().default(true),
});
