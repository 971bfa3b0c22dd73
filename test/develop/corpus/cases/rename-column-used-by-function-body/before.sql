CREATE TABLE customers (id integer PRIMARY KEY, mail text);
CREATE FUNCTION mail_of(wanted integer) RETURNS text LANGUAGE sql AS 'SELECT mail FROM customers WHERE id = wanted';
