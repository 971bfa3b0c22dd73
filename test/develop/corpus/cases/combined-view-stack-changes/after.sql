CREATE TABLE sales (id integer PRIMARY KEY, shop bigint NOT NULL, total integer NOT NULL, at date);
CREATE VIEW per_shop AS SELECT shop, at, sum(total) AS total FROM sales GROUP BY shop, at;
CREATE VIEW best AS SELECT shop, total FROM per_shop ORDER BY total DESC LIMIT 1;
CREATE MATERIALIZED VIEW best_now AS SELECT shop, total FROM best;
CREATE UNIQUE INDEX best_now_shop_idx ON best_now (shop);
