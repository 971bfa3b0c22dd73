CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE people (id integer PRIMARY KEY, mood mood);
CREATE INDEX people_happy_idx ON people (id) WHERE mood = 'happy';
