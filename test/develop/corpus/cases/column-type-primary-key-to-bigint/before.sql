CREATE TABLE orders (id integer PRIMARY KEY);
CREATE TABLE lines (id integer PRIMARY KEY, order_id integer NOT NULL REFERENCES orders);
