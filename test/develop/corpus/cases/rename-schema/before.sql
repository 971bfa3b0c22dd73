CREATE SCHEMA billing;
CREATE TABLE billing.invoices (id serial PRIMARY KEY, note text);
CREATE FUNCTION billing.open() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM billing.invoices';
