CREATE TABLE a (id integer PRIMARY KEY) USING heap;
CREATE TABLE b (id integer PRIMARY KEY) USING heap;
