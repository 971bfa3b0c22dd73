CREATE TYPE order_state AS ENUM ('open', 'paid');
CREATE TABLE orders (id integer PRIMARY KEY, state order_state NOT NULL DEFAULT 'open', paid_at timestamptz);
CREATE INDEX orders_open_idx ON orders (id) WHERE state = 'open';
