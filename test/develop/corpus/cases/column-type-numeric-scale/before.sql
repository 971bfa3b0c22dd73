CREATE TABLE items (id integer PRIMARY KEY, price numeric(12, 4) NOT NULL);
