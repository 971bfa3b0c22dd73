CREATE DOMAIN code AS text CONSTRAINT short CHECK (length(VALUE) < 10);
CREATE TABLE t (id integer PRIMARY KEY, code code);
