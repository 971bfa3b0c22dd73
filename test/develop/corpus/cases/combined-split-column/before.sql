CREATE TABLE people (id integer PRIMARY KEY, name text NOT NULL);
CREATE INDEX people_name_idx ON people (name);
