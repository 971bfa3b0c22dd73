CREATE TABLE settings (id integer PRIMARY KEY, level integer NOT NULL DEFAULT 1);
