CREATE FUNCTION normal(value text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(value)';
CREATE TABLE items (id integer PRIMARY KEY, code text);
