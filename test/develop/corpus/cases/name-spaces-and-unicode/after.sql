CREATE TABLE "größe der Tüte" (id integer PRIMARY KEY, "Straße & Nr." text, "🐘.x" integer);
CREATE INDEX "an index" ON "größe der Tüte" ("Straße & Nr.");
COMMENT ON COLUMN "größe der Tüte"."🐘.x" IS 'Elefant';
