CREATE TABLE a (id integer PRIMARY KEY);
GRANT SELECT ON a TO pg_monitor;
