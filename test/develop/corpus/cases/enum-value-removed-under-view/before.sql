CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE people (id integer PRIMARY KEY, mood mood);
CREATE VIEW moods AS SELECT mood, count(*) AS people FROM people GROUP BY mood;
