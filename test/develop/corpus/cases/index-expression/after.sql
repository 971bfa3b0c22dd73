CREATE TABLE customers (id integer PRIMARY KEY, email text);
CREATE UNIQUE INDEX customers_email_idx ON customers (lower(email), id);
