CREATE FUNCTION twice(x integer) RETURNS integer LANGUAGE sql AS 'SELECT x * 2';
CREATE FUNCTION twice(x text) RETURNS text LANGUAGE sql AS 'SELECT x || x';
