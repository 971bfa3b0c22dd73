CREATE TABLE customers (id integer PRIMARY KEY, name text NOT NULL, level integer NOT NULL DEFAULT 3);
