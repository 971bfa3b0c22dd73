CREATE TABLE vehicles (id integer PRIMARY KEY, wheels integer CHECK (wheels > 0));
