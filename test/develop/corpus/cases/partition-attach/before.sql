CREATE TABLE events (id integer NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_2025 (id integer NOT NULL, at date NOT NULL);
