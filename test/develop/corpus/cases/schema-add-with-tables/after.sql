CREATE TABLE t (id integer PRIMARY KEY);
CREATE SCHEMA billing;
CREATE TYPE billing.state AS ENUM ('open', 'paid');
CREATE TABLE billing.invoices (id integer PRIMARY KEY, state billing.state, t_id integer REFERENCES t);
