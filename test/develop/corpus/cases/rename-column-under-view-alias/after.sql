CREATE TABLE customers (id integer PRIMARY KEY, email text);
CREATE VIEW mails AS SELECT id, email AS mail FROM customers;
