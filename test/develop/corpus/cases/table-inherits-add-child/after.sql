CREATE TABLE vehicles (id integer PRIMARY KEY, wheels integer CHECK (wheels > 0));
CREATE TABLE trucks (load_kg integer NOT NULL) INHERITS (vehicles);
