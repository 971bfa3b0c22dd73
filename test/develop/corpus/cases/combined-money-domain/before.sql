CREATE TABLE items (id integer PRIMARY KEY, price numeric NOT NULL);
CREATE TABLE lines (id integer PRIMARY KEY, price numeric);
