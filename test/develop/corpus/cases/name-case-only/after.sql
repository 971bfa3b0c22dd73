CREATE TABLE notes (id integer PRIMARY KEY, body text);
CREATE TABLE "Notes" (id integer PRIMARY KEY, body text);
