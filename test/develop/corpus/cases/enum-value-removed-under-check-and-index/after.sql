CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE people (id integer PRIMARY KEY, mood mood, CONSTRAINT not_sad CHECK (mood <> 'sad'));
CREATE INDEX people_ok_idx ON people (id) WHERE mood = 'ok';
