CREATE TABLE t (id integer PRIMARY KEY);
CREATE FOREIGN DATA WRAPPER nowhere;
CREATE SERVER far FOREIGN DATA WRAPPER nowhere OPTIONS (host 'far.example.org');
CREATE FOREIGN TABLE distant (id integer NOT NULL, note text OPTIONS (name 'n')) SERVER far OPTIONS (path '/x');
