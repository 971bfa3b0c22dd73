CREATE TABLE customers (id integer PRIMARY KEY, email text, name text,
  CONSTRAINT customers_email UNIQUE (email) INCLUDE (name));
