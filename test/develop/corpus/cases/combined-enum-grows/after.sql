CREATE TYPE order_state AS ENUM ('draft', 'open', 'paid', 'refunded');
CREATE TABLE orders (id integer PRIMARY KEY, state order_state NOT NULL DEFAULT 'draft', paid_at timestamptz,
  CONSTRAINT refunded_was_paid CHECK (state <> 'refunded' OR paid_at IS NOT NULL));
CREATE INDEX orders_open_idx ON orders (id) WHERE state IN ('draft', 'open');
