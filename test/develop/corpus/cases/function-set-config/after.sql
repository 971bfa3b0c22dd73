CREATE FUNCTION answer() RETURNS integer LANGUAGE sql SET search_path = pg_catalog, public SET statement_timeout = '5s' AS 'SELECT 42';
