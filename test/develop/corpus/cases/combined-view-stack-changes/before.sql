CREATE TABLE sales (id integer PRIMARY KEY, shop integer NOT NULL, total integer NOT NULL);
CREATE VIEW per_shop AS SELECT shop, sum(total) AS total FROM sales GROUP BY shop;
CREATE VIEW best AS SELECT shop FROM per_shop ORDER BY total DESC LIMIT 1;
CREATE MATERIALIZED VIEW best_now AS SELECT shop FROM best;
