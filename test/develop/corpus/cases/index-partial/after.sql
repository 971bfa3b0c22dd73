CREATE TABLE orders (id integer PRIMARY KEY, paid_at timestamptz);
CREATE INDEX orders_open_idx ON orders (id) WHERE paid_at IS NULL;
