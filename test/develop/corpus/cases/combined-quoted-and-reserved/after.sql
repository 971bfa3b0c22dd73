CREATE TABLE "User" ("Id" integer PRIMARY KEY, "order" integer NOT NULL DEFAULT 0, "Full Name" text);
CREATE TABLE "Order Line" ("Id" integer PRIMARY KEY, "User Id" integer REFERENCES "User" ("Id") ON DELETE CASCADE);
CREATE INDEX "By User" ON "Order Line" ("User Id" DESC);
CREATE VIEW "group" AS SELECT "Id" AS "user", "order" AS "ORDER" FROM "User";
COMMENT ON COLUMN "User"."Full Name" IS 'first and last';
