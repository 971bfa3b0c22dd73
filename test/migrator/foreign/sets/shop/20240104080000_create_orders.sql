-- migrate:up
CREATE TYPE order_status AS ENUM ('new', 'paid', 'shipped');
CREATE TYPE payment_method AS ENUM ('cash', 'card', 'cheque');

CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY,
  customer_id bigint NOT NULL,
  status order_status NOT NULL DEFAULT 'new',
  payment payment_method NOT NULL DEFAULT 'cash',
  placed_at timestamptz NOT NULL DEFAULT now(),
  refunded_at timestamptz,
  PRIMARY KEY (id),
  FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE order_items (
  order_id bigint NOT NULL REFERENCES orders ON DELETE CASCADE,
  position smallint NOT NULL,
  sku char(8) NOT NULL REFERENCES products (sku),
  quantity integer NOT NULL,
  PRIMARY KEY (order_id, position)
);

CREATE INDEX orders_open_idx ON orders (placed_at DESC NULLS LAST) INCLUDE (customer_id) WHERE status <> 'shipped';

-- migrate:down
DROP TABLE order_items, orders;
DROP TYPE payment_method;
DROP TYPE order_status;
