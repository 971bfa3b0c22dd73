CREATE TABLE last (id integer PRIMARY KEY, note text);
