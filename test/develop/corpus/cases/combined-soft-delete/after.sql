CREATE TABLE customers (id integer PRIMARY KEY, email text NOT NULL, deleted_at timestamptz);
CREATE UNIQUE INDEX customers_email_idx ON customers (email) WHERE deleted_at IS NULL;
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customers, deleted_at timestamptz);
CREATE VIEW live_customers AS SELECT id, email FROM customers WHERE deleted_at IS NULL;
CREATE VIEW live_orders AS SELECT id, customer_id FROM orders WHERE deleted_at IS NULL;
