CREATE TYPE answer AS ENUM ('Yes', 'no', 'don''t know', '');
CREATE TABLE replies (id integer PRIMARY KEY, answer answer);
