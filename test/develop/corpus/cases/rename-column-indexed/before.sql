CREATE TABLE customers (id integer PRIMARY KEY, mail text UNIQUE);
CREATE INDEX customers_mail_idx ON customers (lower(mail));
