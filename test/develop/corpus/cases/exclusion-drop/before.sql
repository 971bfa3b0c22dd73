CREATE TABLE bookings (id integer PRIMARY KEY, during int4range NOT NULL, EXCLUDE USING gist (during WITH &&));
