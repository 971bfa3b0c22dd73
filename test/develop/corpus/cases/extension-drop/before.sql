CREATE EXTENSION citext;
CREATE TABLE people (id integer PRIMARY KEY, email citext);
