CREATE TABLE people (id integer PRIMARY KEY, email text);
CREATE INDEX idx1 ON people (email);
