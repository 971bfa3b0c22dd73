CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE FUNCTION greet(how mood DEFAULT 'happy') RETURNS text LANGUAGE sql AS 'SELECT how::text';
