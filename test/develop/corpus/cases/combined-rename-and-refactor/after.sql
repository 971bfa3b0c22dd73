CREATE TABLE customers (id serial PRIMARY KEY, email text NOT NULL UNIQUE, name text, phone text);
CREATE TABLE orders (id integer PRIMARY KEY, client_id integer NOT NULL REFERENCES customers);
CREATE VIEW buyers AS SELECT customers.email, customers.phone FROM customers JOIN orders ON orders.client_id = customers.id;
