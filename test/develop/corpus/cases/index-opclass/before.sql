CREATE TABLE customers (id integer PRIMARY KEY, name text);
CREATE INDEX customers_name_idx ON customers (name);
