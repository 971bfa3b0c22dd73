CREATE TABLE "Order" ("orderId" integer PRIMARY KEY, "placedAt" timestamptz DEFAULT now());
CREATE INDEX "Order_placedAt_idx" ON "Order" ("placedAt");
