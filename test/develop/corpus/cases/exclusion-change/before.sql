CREATE TABLE bookings (id integer PRIMARY KEY, during tstzrange NOT NULL, cancelled boolean NOT NULL,
  CONSTRAINT one_at_a_time EXCLUDE USING gist (during WITH &&));
