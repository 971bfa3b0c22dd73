CREATE TABLE people (id integer PRIMARY KEY, last text NOT NULL);
