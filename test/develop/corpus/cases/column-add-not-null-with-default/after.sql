CREATE TABLE customers (id integer PRIMARY KEY, active boolean NOT NULL DEFAULT true);
