CREATE TABLE customers (id integer PRIMARY KEY, country text DEFAULT 'DE');
