CREATE TABLE spans (id integer PRIMARY KEY, starts date NOT NULL, ends date, CONSTRAINT forwards CHECK (ends >= starts));
