CREATE TABLE people (id integer PRIMARY KEY, first text, last text);
CREATE FUNCTION title(person people) RETURNS text LANGUAGE sql STABLE AS 'SELECT person.first || person.last';
