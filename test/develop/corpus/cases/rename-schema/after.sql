CREATE SCHEMA accounting;
CREATE TABLE accounting.invoices (id serial PRIMARY KEY, note text);
CREATE FUNCTION accounting.open() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM accounting.invoices';
