-- Größen, размеры, サイズ 📏

-- migrate:up
CREATE TYPE "größe" AS ENUM ('klein', 'groß', '大きい', '📏; sehr groß');
CREATE TABLE "Überschriften" (
  "n°" integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "größe" "größe" NOT NULL DEFAULT 'groß',
  таблица text DEFAULT U&'\0434\0430',
  "with ""quotes""; and a semicolon" text CHECK ("with ""quotes""; and a semicolon" <> E'\';--'),
  "a.b" jsonb
);
CREATE INDEX "index, größe" ON "Überschriften" ("größe") WHERE таблица IS NOT NULL;
COMMENT ON COLUMN "Überschriften"."größe" IS '→ nur 📏 oder ''groß''; -- migrate:down';
INSERT INTO "Überschriften" ("größe", "a.b") VALUES ('📏; sehr groß', '{"ß": "\u00df"}');

-- migrate:down
DROP TABLE "Überschriften";
DROP TYPE "größe";
