CREATE TABLE customers (id integer PRIMARY KEY, name text, city text);
CREATE INDEX customers_name_idx ON customers (name);
CREATE INDEX customers_city_idx ON customers (lower(city));
