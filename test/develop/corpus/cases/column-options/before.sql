CREATE TABLE files (id integer PRIMARY KEY, kind text);
