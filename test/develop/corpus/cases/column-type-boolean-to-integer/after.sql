CREATE TABLE flags (id integer PRIMARY KEY, state integer NOT NULL DEFAULT 0);
