CREATE TABLE clients (id serial PRIMARY KEY, mail text NOT NULL UNIQUE, name text);
CREATE TABLE orders (id integer PRIMARY KEY, client_id integer NOT NULL REFERENCES clients);
CREATE VIEW buyers AS SELECT clients.mail FROM clients JOIN orders ON orders.client_id = clients.id;
