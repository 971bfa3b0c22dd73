CREATE TABLE t (id integer PRIMARY KEY);
CREATE SCHEMA billing;
CREATE TABLE billing.invoices (id integer PRIMARY KEY, t_id integer REFERENCES t);
CREATE VIEW billing.open AS SELECT id FROM billing.invoices;
