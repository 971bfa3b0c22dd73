CREATE TABLE customers (id integer PRIMARY KEY, name varchar(200));
CREATE INDEX customers_name_idx ON customers (name);
