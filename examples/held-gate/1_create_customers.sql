-- migrate:up
CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL);
INSERT INTO customers VALUES (1, 'ada@shop.example'), (2, 'ada@shop.example');

-- migrate:down
DROP TABLE customers;
