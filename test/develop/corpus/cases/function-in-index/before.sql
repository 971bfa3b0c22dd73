CREATE TABLE items (id integer PRIMARY KEY, code text);
