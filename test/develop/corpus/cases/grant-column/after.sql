CREATE TABLE notes (id integer PRIMARY KEY, body text);
GRANT SELECT (id), UPDATE (body) ON notes TO pg_monitor;
