CREATE TABLE t (id integer PRIMARY KEY);
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
