CREATE TABLE "Order" (id integer PRIMARY KEY, "Total" integer, "user" text);
CREATE TABLE "Old Stuff" (id integer PRIMARY KEY, note text);
