CREATE TABLE kept (id integer PRIMARY KEY);
CREATE TABLE dropped (id integer PRIMARY KEY, note text);
