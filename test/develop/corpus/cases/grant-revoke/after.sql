CREATE TABLE notes (id integer PRIMARY KEY);
GRANT SELECT ON notes TO pg_monitor;
