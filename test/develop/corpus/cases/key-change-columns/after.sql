CREATE TABLE customers (id integer NOT NULL, code text PRIMARY KEY);
