CREATE FUNCTION answer(integer) RETURNS integer LANGUAGE sql AS 'SELECT 42 + $1';
