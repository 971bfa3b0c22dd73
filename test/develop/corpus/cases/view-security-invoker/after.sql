CREATE TABLE people (id integer PRIMARY KEY);
CREATE VIEW folk WITH (security_invoker = true) AS SELECT id FROM people;
