CREATE TABLE sales (id integer PRIMARY KEY, shop integer, total integer);
CREATE MATERIALIZED VIEW totals AS SELECT shop, sum(total) AS total FROM sales GROUP BY shop;
CREATE UNIQUE INDEX totals_shop_idx ON totals (shop);
