CREATE TABLE customers (id integer PRIMARY KEY, name varchar(20));
CREATE INDEX customers_name_idx ON customers (name);
