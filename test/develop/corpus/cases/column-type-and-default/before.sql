CREATE TABLE settings (id integer PRIMARY KEY, level text NOT NULL DEFAULT 'low');
