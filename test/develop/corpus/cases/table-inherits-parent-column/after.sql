CREATE TABLE vehicles (id integer NOT NULL, colour text);
CREATE TABLE trucks (load_kg integer) INHERITS (vehicles);
