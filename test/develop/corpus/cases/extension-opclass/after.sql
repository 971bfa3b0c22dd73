CREATE EXTENSION pg_trgm;
CREATE TABLE people (id integer PRIMARY KEY, name text);
CREATE INDEX people_name_idx ON people USING gin (name gin_trgm_ops);
