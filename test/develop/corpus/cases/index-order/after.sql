CREATE TABLE orders (id integer PRIMARY KEY, placed_at timestamptz);
CREATE INDEX orders_placed_at_idx ON orders (placed_at DESC NULLS LAST);
