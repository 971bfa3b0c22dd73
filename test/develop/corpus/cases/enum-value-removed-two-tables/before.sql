CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE people (id integer PRIMARY KEY, mood mood);
CREATE TABLE pets (id integer PRIMARY KEY, mood mood DEFAULT 'ok');
