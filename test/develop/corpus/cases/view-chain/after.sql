CREATE TABLE people (id integer PRIMARY KEY, age integer);
CREATE VIEW c_ages AS SELECT id, age FROM people;
CREATE VIEW b_adults AS SELECT id, age FROM c_ages WHERE age >= 18;
CREATE VIEW a_seniors AS SELECT id, age FROM b_adults WHERE age >= 65;
