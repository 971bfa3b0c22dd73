CREATE TABLE customers (id integer PRIMARY KEY, name text COLLATE "C" NOT NULL);
CREATE INDEX customers_name_idx ON customers (name);
