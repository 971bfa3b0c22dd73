CREATE TABLE "user" ("select" integer PRIMARY KEY, "table" text NOT NULL DEFAULT 'x', "default" integer CHECK ("default" > 0));
CREATE VIEW "order" AS SELECT "select" AS "group" FROM "user";
