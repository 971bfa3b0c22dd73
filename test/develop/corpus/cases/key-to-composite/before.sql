CREATE TABLE members (team integer PRIMARY KEY, person integer NOT NULL);
