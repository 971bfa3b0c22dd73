CREATE TYPE mood AS ENUM ('sad');
CREATE TYPE colour AS ENUM ('red');
CREATE TABLE people (id integer PRIMARY KEY, mood mood, colour colour);
