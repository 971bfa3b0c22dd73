CREATE DOMAIN code AS text CHECK (VALUE <> '');
CREATE TABLE t (id integer PRIMARY KEY, code code);
