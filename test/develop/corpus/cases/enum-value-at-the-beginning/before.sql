CREATE TYPE mood AS ENUM ('ok', 'happy');
CREATE TABLE people (id integer PRIMARY KEY, mood mood);
