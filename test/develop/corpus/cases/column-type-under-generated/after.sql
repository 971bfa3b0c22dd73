CREATE TABLE lines (id integer PRIMARY KEY, cents bigint NOT NULL, doubled bigint GENERATED ALWAYS AS (cents * 2) STORED);
