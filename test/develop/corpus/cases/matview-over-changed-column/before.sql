CREATE TABLE sales (id integer PRIMARY KEY, shop integer, total integer);
CREATE MATERIALIZED VIEW totals AS SELECT shop, total FROM sales;
CREATE INDEX totals_shop_idx ON totals (shop);
