CREATE DOMAIN code AS text DEFAULT 'b';
CREATE TABLE t (id integer PRIMARY KEY, code code);
