CREATE TABLE orders (id bigint PRIMARY KEY);
CREATE TABLE lines (id integer PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders);
