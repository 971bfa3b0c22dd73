CREATE TABLE items (id integer PRIMARY KEY, weight numeric NOT NULL);
