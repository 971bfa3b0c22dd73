CREATE TABLE series (id integer PRIMARY KEY, values integer[] NOT NULL DEFAULT '{}');
