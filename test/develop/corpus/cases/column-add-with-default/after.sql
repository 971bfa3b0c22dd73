CREATE TABLE customers (id integer PRIMARY KEY, country varchar(2) DEFAULT 'DE');
