CREATE TABLE vehicles (id integer NOT NULL);
CREATE TABLE trucks (load_kg integer) INHERITS (vehicles);
