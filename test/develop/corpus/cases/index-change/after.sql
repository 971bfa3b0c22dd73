CREATE TABLE people (id integer PRIMARY KEY, first text, last text);
CREATE INDEX people_name_idx ON people (last, first);
