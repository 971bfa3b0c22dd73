CREATE TABLE seats (id integer PRIMARY KEY, hall integer NOT NULL, number integer NOT NULL,
  CONSTRAINT seats_hall_number UNIQUE (hall, number));
