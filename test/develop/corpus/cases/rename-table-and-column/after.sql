CREATE TABLE customers (id integer PRIMARY KEY, email text);
CREATE INDEX customers_email_idx ON customers (email);
