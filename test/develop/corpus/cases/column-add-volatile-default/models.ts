import { integer, pgTable, uuid } from "drizzle-orm/pg-core";

export const customers = pgTable("customers", {
  id: integer("id").primaryKey(),
  token: uuid("token").notNull().defaultRandom(),
});
