CREATE TABLE lines (id integer PRIMARY KEY, cents integer NOT NULL, doubled integer GENERATED ALWAYS AS (cents * 2) STORED);
