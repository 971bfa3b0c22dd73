CREATE TYPE answer AS ENUM ('Yes', 'no');
CREATE TABLE replies (id integer PRIMARY KEY, answer answer);
