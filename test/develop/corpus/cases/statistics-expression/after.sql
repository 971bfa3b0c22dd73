CREATE TABLE addresses (id integer PRIMARY KEY, city text);
CREATE STATISTICS addresses_city ON lower(city) FROM addresses;
ALTER STATISTICS addresses_city SET STATISTICS 500;
