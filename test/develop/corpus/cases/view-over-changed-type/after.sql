CREATE TABLE people (id integer PRIMARY KEY, age integer);
CREATE VIEW ages AS SELECT id, age FROM people;
