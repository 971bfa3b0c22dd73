CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE FUNCTION greet(how mood DEFAULT 'ok') RETURNS text LANGUAGE sql AS 'SELECT how::text';
