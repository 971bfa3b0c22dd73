CREATE TABLE people (id integer PRIMARY KEY, age integer);
CREATE VIEW adults AS SELECT id, age FROM people WHERE age >= 18;
