CREATE TABLE t (id integer PRIMARY KEY);
GRANT CREATE ON SCHEMA public TO pg_monitor;
