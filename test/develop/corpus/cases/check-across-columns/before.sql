CREATE TABLE spans (id integer PRIMARY KEY, starts date NOT NULL);
