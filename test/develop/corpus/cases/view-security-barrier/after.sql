CREATE TABLE people (id integer PRIMARY KEY);
CREATE VIEW folk AS SELECT id FROM people;
