CREATE TABLE people (id integer PRIMARY KEY, first text NOT NULL DEFAULT '', last text NOT NULL DEFAULT '');
CREATE INDEX people_name_idx ON people (last, first);
