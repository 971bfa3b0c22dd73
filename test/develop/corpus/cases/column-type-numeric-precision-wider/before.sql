CREATE TABLE items (id integer PRIMARY KEY, price numeric(8, 2) NOT NULL);
