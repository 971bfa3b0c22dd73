CREATE TABLE orders (id integer PRIMARY KEY, total numeric NOT NULL CHECK (total >= 0));
CREATE INDEX orders_total_idx ON orders (total) WHERE total > 100;
