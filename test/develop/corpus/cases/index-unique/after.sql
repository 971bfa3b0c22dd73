CREATE TABLE seats (id integer PRIMARY KEY, hall integer, number integer);
CREATE UNIQUE INDEX seats_hall_number_idx ON seats (hall, number);
