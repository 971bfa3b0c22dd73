CREATE TABLE people (id integer PRIMARY KEY, name text);
CREATE VIEW folk AS SELECT id, name FROM people;
