CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE colour AS ENUM ('red', 'green');
CREATE TABLE people (id integer PRIMARY KEY, mood mood, colour colour);
