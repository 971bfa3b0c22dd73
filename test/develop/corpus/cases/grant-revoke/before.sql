CREATE TABLE notes (id integer PRIMARY KEY);
GRANT ALL ON notes TO pg_monitor;
GRANT SELECT ON notes TO pg_read_all_stats;
