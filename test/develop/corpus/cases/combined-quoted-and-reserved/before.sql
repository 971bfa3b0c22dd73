CREATE TABLE "User" ("Id" integer PRIMARY KEY, "order" integer);
CREATE TABLE "Order Line" ("Id" integer PRIMARY KEY, "User Id" integer REFERENCES "User" ("Id"));
