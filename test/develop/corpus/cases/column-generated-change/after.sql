CREATE TABLE lines (id integer PRIMARY KEY, cents integer NOT NULL, tax integer GENERATED ALWAYS AS (cents * 19 / 100) STORED);
