CREATE TABLE seats (id integer PRIMARY KEY, hall integer, number integer);
