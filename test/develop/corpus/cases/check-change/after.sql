CREATE TABLE items (id integer PRIMARY KEY, price integer, CONSTRAINT price_ok CHECK (price >= 0));
