import { integer, pgTable } from "drizzle-orm/pg-core";

export const kept = pgTable("kept", { id: integer("id").primaryKey() });
