CREATE TABLE customers (nr integer PRIMARY KEY);
CREATE TABLE orders (id integer PRIMARY KEY, customer integer REFERENCES customers (nr));
