CREATE TYPE mood AS ENUM ('a', 'b', 'c', 'd', 'e');
CREATE TABLE people (id integer PRIMARY KEY, mood mood);
