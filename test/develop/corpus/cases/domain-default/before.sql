CREATE DOMAIN code AS text DEFAULT 'a';
CREATE TABLE t (id integer PRIMARY KEY, code code);
