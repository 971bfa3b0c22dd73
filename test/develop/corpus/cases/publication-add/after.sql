CREATE TABLE t (id integer PRIMARY KEY);
CREATE PUBLICATION changes FOR TABLE t WITH (publish = 'insert');
