CREATE TABLE orders (id integer PRIMARY KEY, paid_at timestamptz);
