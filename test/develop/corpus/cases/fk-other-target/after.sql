CREATE TABLE clients (id integer PRIMARY KEY);
CREATE TABLE customers (id integer PRIMARY KEY);
CREATE TABLE orders (id integer PRIMARY KEY, buyer integer CONSTRAINT orders_buyer REFERENCES customers);
