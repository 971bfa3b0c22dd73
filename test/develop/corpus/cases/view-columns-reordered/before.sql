CREATE TABLE people (id integer PRIMARY KEY, name text);
CREATE VIEW names AS SELECT id, name FROM people;
GRANT SELECT ON names TO pg_monitor;
COMMENT ON VIEW names IS 'who is there';
