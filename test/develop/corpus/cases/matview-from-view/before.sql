CREATE TABLE sales (id integer PRIMARY KEY, total integer);
CREATE VIEW totals AS SELECT sum(total) AS total FROM sales;
