CREATE TABLE t (id integer PRIMARY KEY);
CREATE DOMAIN word AS text CHECK (VALUE <> '');
CREATE DOMAIN a_word AS word CHECK (VALUE ~ '^a');
