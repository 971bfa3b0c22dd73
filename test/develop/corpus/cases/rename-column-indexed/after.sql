CREATE TABLE customers (id integer PRIMARY KEY, email text UNIQUE);
CREATE INDEX customers_email_idx ON customers (lower(email));
