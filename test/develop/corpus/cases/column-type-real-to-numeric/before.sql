CREATE TABLE items (id integer PRIMARY KEY, weight real NOT NULL);
