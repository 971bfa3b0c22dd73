CREATE TABLE customers (id integer PRIMARY KEY, email text, name text);
CREATE INDEX customers_email_idx ON customers (email);
