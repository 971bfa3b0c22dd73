CREATE TABLE t (id integer PRIMARY KEY, secret text);
CREATE PUBLICATION changes FOR TABLE t;
