CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE people (id integer PRIMARY KEY, mood mood);
CREATE VIEW cheerful AS SELECT id FROM people WHERE mood = 'ok' OR mood = 'happy';
