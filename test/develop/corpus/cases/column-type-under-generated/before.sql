CREATE TABLE lines (id integer PRIMARY KEY, cents integer NOT NULL, doubled bigint GENERATED ALWAYS AS (cents * 2) STORED);
