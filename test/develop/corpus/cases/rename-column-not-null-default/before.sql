CREATE TABLE customers (id integer PRIMARY KEY, mail text NOT NULL DEFAULT '');
