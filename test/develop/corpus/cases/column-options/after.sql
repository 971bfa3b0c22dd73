CREATE TABLE files (id integer PRIMARY KEY, kind text);
ALTER TABLE files ALTER COLUMN kind SET (n_distinct = -0.5);
