CREATE DOMAIN code AS text;
CREATE TABLE t (id integer PRIMARY KEY, code code);
