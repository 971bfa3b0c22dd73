CREATE TABLE items (id integer PRIMARY KEY, price numeric(12, 2) NOT NULL);
