CREATE TABLE events (id integer PRIMARY KEY, body json NOT NULL DEFAULT '{}');
