CREATE TABLE customers (id integer PRIMARY KEY, email text NOT NULL UNIQUE, age integer CHECK (age >= 0));
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customers ON DELETE CASCADE,
  total numeric NOT NULL DEFAULT 0);
CREATE INDEX orders_customer_id_idx ON orders (customer_id);
