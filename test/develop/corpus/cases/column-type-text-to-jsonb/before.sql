CREATE TABLE events (id integer PRIMARY KEY, body text NOT NULL);
