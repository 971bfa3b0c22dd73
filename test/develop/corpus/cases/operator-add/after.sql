CREATE TABLE t (id integer PRIMARY KEY);
CREATE FUNCTION close_to(a integer, b integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs(a - b) < 10';
CREATE OPERATOR ~~~ (LEFTARG = integer, RIGHTARG = integer, FUNCTION = close_to, COMMUTATOR = ~~~);
