CREATE TABLE customers (id integer PRIMARY KEY, mail text);
CREATE VIEW mails AS SELECT id, mail FROM customers;
