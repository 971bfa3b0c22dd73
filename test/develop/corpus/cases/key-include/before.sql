CREATE TABLE customers (id integer NOT NULL, name text);
