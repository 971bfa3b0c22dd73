CREATE TABLE items (id integer PRIMARY KEY, price integer NOT NULL, CONSTRAINT items_price_positive CHECK (price > 0));
