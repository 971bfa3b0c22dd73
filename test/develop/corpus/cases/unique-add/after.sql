CREATE TABLE customers (id integer PRIMARY KEY, email text CONSTRAINT customers_email_unique UNIQUE);
