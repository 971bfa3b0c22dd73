CREATE TABLE t (id integer PRIMARY KEY);
CREATE FUNCTION spread(OUT low integer, OUT high integer, VARIADIC list integer[]) LANGUAGE sql
  AS 'SELECT min(x), max(x) FROM unnest(list) AS x';
CREATE FUNCTION pairs() RETURNS TABLE (a integer, b text) LANGUAGE sql ROWS 10 AS 'SELECT 1, ''one''';
