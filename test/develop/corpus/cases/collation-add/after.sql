CREATE COLLATION plain (PROVIDER = libc, LOCALE = 'C');
CREATE TABLE people (id integer PRIMARY KEY, name text COLLATE plain);
