CREATE TABLE seats (id integer PRIMARY KEY, hall integer NOT NULL, number integer NOT NULL);
