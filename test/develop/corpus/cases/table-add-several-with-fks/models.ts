import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const articles = pgTable("articles", {
  id: integer("id").primaryKey(),
  binId: integer("bin_id").references(() => bins.id),
});

export const bins = pgTable("bins", {
  id: integer("id").primaryKey(),
  warehouseId: integer("warehouse_id")
    .notNull()
    .references(() => warehouses.id),
});

export const warehouses = pgTable("warehouses", {
  id: integer("id").primaryKey(),
  zoneId: integer("zone_id")
    .notNull()
    .references(() => zones.id),
});

export const zones = pgTable("zones", { id: integer("id").primaryKey(), name: text("name").notNull() });
