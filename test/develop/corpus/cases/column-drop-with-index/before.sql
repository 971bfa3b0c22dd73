CREATE TABLE customers (id integer PRIMARY KEY, fax text CHECK (fax <> ''));
CREATE INDEX customers_fax_idx ON customers (fax);
