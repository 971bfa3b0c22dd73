CREATE TABLE customers (id integer, email text, age integer);
CREATE TABLE orders (id integer, customer_id integer, total numeric);
