CREATE TABLE items (id integer PRIMARY KEY, cost integer CHECK (cost > 0));
