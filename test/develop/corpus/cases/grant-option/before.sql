CREATE TABLE notes (id integer PRIMARY KEY);
GRANT SELECT, UPDATE ON notes TO pg_monitor;
