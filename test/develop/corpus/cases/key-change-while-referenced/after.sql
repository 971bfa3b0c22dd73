CREATE TABLE customers (id integer NOT NULL UNIQUE, code text PRIMARY KEY);
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer REFERENCES customers (id));
