CREATE TABLE lines (id integer PRIMARY KEY, quantity integer NOT NULL, price integer NOT NULL);
