CREATE TABLE orders (id integer PRIMARY KEY, placed_at date NOT NULL);
