CREATE TABLE customers (id integer PRIMARY KEY, code text NOT NULL UNIQUE);
CREATE TABLE orders (id integer PRIMARY KEY, customer_code text REFERENCES customers (code));
