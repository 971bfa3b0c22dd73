CREATE DOMAIN code AS text CONSTRAINT lower_case CHECK (VALUE = lower(VALUE));
CREATE TABLE t (id integer PRIMARY KEY, code code);
