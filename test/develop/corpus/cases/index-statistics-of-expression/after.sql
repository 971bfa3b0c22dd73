CREATE TABLE people (id integer PRIMARY KEY, email text);
CREATE INDEX people_email_idx ON people (lower(email));
ALTER INDEX people_email_idx ALTER COLUMN 1 SET STATISTICS 300;
