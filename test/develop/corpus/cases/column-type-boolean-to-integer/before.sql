CREATE TABLE flags (id integer PRIMARY KEY, state boolean NOT NULL DEFAULT false);
