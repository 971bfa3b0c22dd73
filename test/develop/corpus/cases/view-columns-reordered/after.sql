CREATE TABLE people (id integer PRIMARY KEY, name text);
CREATE VIEW names AS SELECT name, id FROM people;
GRANT SELECT ON names TO pg_monitor;
COMMENT ON VIEW names IS 'who is there';
