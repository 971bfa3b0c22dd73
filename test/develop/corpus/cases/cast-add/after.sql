CREATE TYPE pair AS (a integer, b integer);
CREATE FUNCTION pair_sum(pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.a + $1.b';
CREATE CAST (pair AS integer) WITH FUNCTION pair_sum(pair) AS ASSIGNMENT;
