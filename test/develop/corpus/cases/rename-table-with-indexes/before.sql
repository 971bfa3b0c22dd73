CREATE TABLE clients (id integer PRIMARY KEY, name text, city text);
CREATE INDEX clients_name_idx ON clients (name);
CREATE INDEX clients_city_idx ON clients (lower(city));
