CREATE TABLE vehicles (id integer NOT NULL);
CREATE TABLE trucks (id integer NOT NULL, load_kg integer) INHERITS (vehicles);
