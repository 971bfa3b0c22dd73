CREATE TABLE people (id integer PRIMARY KEY);
CREATE VIEW folk WITH (security_barrier) AS SELECT id FROM people;
