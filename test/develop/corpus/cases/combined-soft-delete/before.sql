CREATE TABLE customers (id integer PRIMARY KEY, email text NOT NULL);
CREATE UNIQUE INDEX customers_email_idx ON customers (email);
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customers);
