CREATE TABLE customers (id integer PRIMARY KEY, code text NOT NULL);
