CREATE TABLE customers (id integer NOT NULL, name text, PRIMARY KEY (id) INCLUDE (name));
