CREATE SCHEMA billing;
CREATE TABLE invoices (id integer PRIMARY KEY, note text);
