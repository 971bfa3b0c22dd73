CREATE TABLE "Order" ("orderId" integer PRIMARY KEY);
