CREATE DOMAIN code AS text NOT NULL;
CREATE TABLE t (id integer PRIMARY KEY, code code);
