CREATE TABLE people (id integer PRIMARY KEY, age smallint);
CREATE VIEW ages AS SELECT id, age FROM people;
