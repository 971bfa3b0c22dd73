CREATE DOMAIN number AS bigint CONSTRAINT positive CHECK (VALUE > 0);
CREATE TABLE t (id integer PRIMARY KEY, number number);
