CREATE TABLE customers (id integer PRIMARY KEY, email text);
CREATE FUNCTION mail_of(wanted integer) RETURNS text LANGUAGE sql AS 'SELECT email FROM customers WHERE id = wanted';
