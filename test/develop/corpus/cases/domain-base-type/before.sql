CREATE DOMAIN number AS integer CONSTRAINT positive CHECK (VALUE > 0);
CREATE TABLE t (id integer PRIMARY KEY, number number);
