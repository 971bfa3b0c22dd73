CREATE TABLE orders (id integer PRIMARY KEY, placed_at timestamptz(0) NOT NULL);
