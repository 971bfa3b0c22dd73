CREATE TABLE customers (number integer PRIMARY KEY);
CREATE TABLE orders (id integer PRIMARY KEY, customer integer REFERENCES customers (number));
