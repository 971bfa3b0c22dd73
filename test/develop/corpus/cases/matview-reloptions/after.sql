CREATE TABLE sales (id integer PRIMARY KEY, total integer);
CREATE MATERIALIZED VIEW totals WITH (fillfactor = 80) AS SELECT sum(total) AS total FROM sales;
