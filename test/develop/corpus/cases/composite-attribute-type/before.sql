CREATE TYPE money_amount AS (cents integer, currency text);
CREATE FUNCTION free() RETURNS money_amount LANGUAGE sql AS 'SELECT 0, ''EUR''';
