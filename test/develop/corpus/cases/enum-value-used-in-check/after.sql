CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE people (id integer PRIMARY KEY, mood mood, reason text,
  CONSTRAINT happy_for_a_reason CHECK (mood <> 'happy' OR reason IS NOT NULL));
