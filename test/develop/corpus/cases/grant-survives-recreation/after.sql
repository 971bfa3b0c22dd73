CREATE TYPE mood AS ENUM ('sad', 'ok');
GRANT USAGE ON TYPE mood TO pg_monitor;
CREATE TABLE people (id integer PRIMARY KEY, mood mood);
