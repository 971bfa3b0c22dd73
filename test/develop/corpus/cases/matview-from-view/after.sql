CREATE TABLE sales (id integer PRIMARY KEY, total integer);
CREATE MATERIALIZED VIEW totals AS SELECT sum(total) AS total FROM sales;
