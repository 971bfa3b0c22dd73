import { integer, pgTable, primaryKey } from "drizzle-orm/pg-core";

export const members = pgTable("members", { team: integer("team"), person: integer("person") }, (table) => [
  primaryKey({ columns: [table.team, table.person] }),
]);
