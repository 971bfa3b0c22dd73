CREATE TABLE events (id integer NOT NULL, kind text NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
