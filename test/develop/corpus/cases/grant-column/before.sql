CREATE TABLE notes (id integer PRIMARY KEY, body text);
GRANT SELECT ON notes TO pg_monitor;
