-- The first release of the orders API. Objects go to the first schema of the search path, which the role's settings choose.

-- migrate:up
CREATE TABLE customers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  name text NOT NULL CHECK (name <> ''),
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES customers (id),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'paid', 'shipped', 'cancelled')),
  placed_at timestamptz NOT NULL DEFAULT now()
);

-- Serves "the orders of a customer, in order of id", and the foreign key.
CREATE INDEX orders_customer_id_id_idx ON orders (customer_id, id);

CREATE TABLE order_lines (
  order_id bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
  line_number integer NOT NULL CHECK (line_number > 0),
  sku text NOT NULL CHECK (sku <> ''),
  quantity integer NOT NULL CHECK (quantity > 0),
  unit_price_cents bigint NOT NULL CHECK (unit_price_cents >= 0),
  PRIMARY KEY (order_id, line_number)
);

-- migrate:down
DROP TABLE order_lines;
DROP TABLE orders;
DROP TABLE customers;
