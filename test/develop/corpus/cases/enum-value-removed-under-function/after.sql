CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE people (id integer PRIMARY KEY, mood mood);
CREATE FUNCTION is_fine(how mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT how = ''ok''';
