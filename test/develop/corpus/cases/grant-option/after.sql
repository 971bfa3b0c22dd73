CREATE TABLE notes (id integer PRIMARY KEY);
GRANT SELECT ON notes TO pg_monitor WITH GRANT OPTION;
GRANT UPDATE ON notes TO pg_monitor;
