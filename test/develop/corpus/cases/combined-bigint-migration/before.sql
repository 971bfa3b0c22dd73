CREATE TABLE orders (id serial PRIMARY KEY, placed_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE lines (id integer PRIMARY KEY, order_id integer NOT NULL REFERENCES orders, quantity integer NOT NULL CHECK (quantity > 0));
CREATE INDEX lines_order_id_idx ON lines (order_id);
CREATE VIEW order_sizes AS SELECT order_id, sum(quantity) AS size FROM lines GROUP BY order_id;
