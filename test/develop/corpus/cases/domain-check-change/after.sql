CREATE DOMAIN code AS text CONSTRAINT short CHECK (length(VALUE) < 20);
CREATE TABLE t (id integer PRIMARY KEY, code code);
